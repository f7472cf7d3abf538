// `npm run demo`: installs what is missing, then runs the demo from the sources.
import { runSource } from './bootstrap.mjs';

await runSource('examples/demo/main.ts', []);
