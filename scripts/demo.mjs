// `npm run demo`: installs what is missing, then runs the demo from the sources.
import { spawnSync } from 'node:child_process';

import { ensureInstalled, root } from './bootstrap.mjs';

ensureInstalled();
const { status } = spawnSync(process.execPath, ['--import', 'tsx', `${root}examples/demo/main.ts`], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, TSX_TSCONFIG_PATH: `${root}tsconfig.json` },
});
process.exitCode = status ?? 1;
