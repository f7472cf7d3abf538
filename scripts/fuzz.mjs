import { runSource } from './bootstrap.mjs';

await runSource('testing/fuzz/main.ts');
