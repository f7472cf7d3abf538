// `npm run setup:native [-- --gpu]`: makes the `tensorflow` runtime work here; the same as `netspace runtime install`.
import { spawnSync } from 'node:child_process';

import { ensureInstalled, root } from './bootstrap.mjs';

ensureInstalled();
const command = ['--import', 'tsx', `${root}packages/node/src/cli/main.ts`, 'runtime', 'install', ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, command, {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, TSX_TSCONFIG_PATH: `${root}tsconfig.json` },
});
process.exitCode = status ?? 1;
