import { runSource } from './bootstrap.mjs';

runSource('testing/machine/soak.ts');
