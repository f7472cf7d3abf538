import { runSource } from './bootstrap.mjs';

runSource('testing/explorer/monkey-main.ts');
