import { runSource } from './bootstrap.mjs';

await runSource('testing/explorer/monkey-main.ts');
