import { runSource } from './bootstrap.mjs';

runSource('testing/machine/main.ts');
