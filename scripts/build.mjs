// `npm run build`: installs the workspace if it is not, then builds all packages.
import { ensureInstalled, root, run } from './bootstrap.mjs';

ensureInstalled();
process.exitCode = run(`${root}node_modules/.bin/turbo`, ['run', 'build']);
