import { runSource } from './bootstrap.mjs';

runSource('testing/fuzz/main.ts');
