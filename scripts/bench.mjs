// `npm run bench [-- --peers --only TEXT]`: installs what is missing, then measures; see bench/main.ts.
import { spawnSync } from 'node:child_process';

import { ensureInstalled, root } from './bootstrap.mjs';

ensureInstalled();
const { status } = spawnSync(process.execPath, ['--import', 'tsx', `${root}bench/main.ts`, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, TSX_TSCONFIG_PATH: `${root}tsconfig.json` },
});
process.exitCode = status ?? 1;
