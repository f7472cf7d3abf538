// `npm run bench [-- --peers --only TEXT]`: installs what is missing, then measures; see bench/main.ts.
import { runSource } from './bootstrap.mjs';

await runSource('bench/main.ts');
