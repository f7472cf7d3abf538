#!/usr/bin/env node
// `npx netspace` in the clone: the command as it was built, or what to type first.
import { existsSync } from 'node:fs';

import { root } from './bootstrap.mjs';

if (existsSync(`${root}packages/node/dist/cli/main.js`)) {
  await import('../packages/netspace/bin/netspace.js');
} else {
  console.error('netspace: the packages are not built yet; type: npm run build');
  process.exitCode = 1;
}
