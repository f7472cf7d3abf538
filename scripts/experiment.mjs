// `npm run experiment -- NAME [--scale smoke|small|paper] [--seed N]`: installs what is missing, then runs experiments/main.ts.
import { runSource } from './bootstrap.mjs';

await runSource('experiments/main.ts');
