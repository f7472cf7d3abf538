// Run by the package manager when it has installed. The workspace belongs to pnpm: whoever types `npm install` gets what pnpm installs. npm itself
// installs nothing here (.npmrc). `npm ci` wants a lock file of its own before it runs anything, and says so. Then `npx netspace` is made to work.
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';

import { pnpm, root } from './bootstrap.mjs';

if (process.env['npm_config_user_agent']?.startsWith('npm/')) {
  console.error('This workspace is installed by pnpm: running it now …');
  rmSync(`${root}package-lock.json`, { force: true });
  process.exitCode = pnpm(['install', '--frozen-lockfile']);
} else if (process.platform !== 'win32') {
  const bin = `${root}node_modules/.bin`;
  mkdirSync(bin, { recursive: true });
  rmSync(`${bin}/netspace`, { force: true });
  symlinkSync('../../scripts/netspace.mjs', `${bin}/netspace`);
}
