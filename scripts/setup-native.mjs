// `npm run setup:native [-- --gpu]`: makes the `tensorflow` runtime work here; the same as `netspace runtime install`.
import { runSource } from './bootstrap.mjs';

await runSource('packages/node/src/cli/main.ts', ['runtime', 'install', ...process.argv.slice(2)]);
