// `npm run pack -- DIR`: builds the packages and writes their tarballs into a folder, to install in a project of one's own until they are on npm.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';

import { ensureBuilt, ensureInstalled, root } from './bootstrap.mjs';
import { packInto } from './packed/projects.mjs';

const [to] = process.argv.slice(2);
if (to === undefined || process.argv.length > 3) {
  console.error('Usage: npm run pack -- DIR');
  process.exit(2);
}
const folder = resolve(root, to);
const there = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.tgz')) : [];
if (there.length > 0) {
  console.error(`expected a folder without tarballs, got ${there.length} in ${folder}; remove them, or name another folder`);
  process.exit(1);
}
ensureInstalled();
ensureBuilt();
mkdirSync(folder, { recursive: true });
const names = Object.keys(await packInto(folder));
console.log(`${names.length} packages in ${folder}. In your project:\n  npm install ${folder}/*.tgz @tensorflow/tfjs`);
