// `npm run experiment -- NAME [--scale smoke|small|paper] [--seed N]`: installs what is missing, then runs experiments/main.ts.
import { spawn } from 'node:child_process';

import { ensureInstalled, root } from './bootstrap.mjs';

ensureInstalled();
const child = spawn(process.execPath, ['--import', 'tsx', `${root}experiments/main.ts`, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, TSX_TSCONFIG_PATH: `${root}tsconfig.json` },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal)); // the child saves its work, then both end
child.on('exit', (code) => (process.exitCode = code ?? 1));
