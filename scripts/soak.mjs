import { runSource } from './bootstrap.mjs';

await runSource('testing/machine/soak.ts');
