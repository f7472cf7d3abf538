import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { root } from '../bootstrap.mjs';
import { exec } from './processes.mjs';

const MAJORS = ['20', '22', '24'];
const OWN = process.versions.node.split('.')[0];

/** Folders of the `node` programs to check on, by version: this one, and npm packages, installed once into `node_modules/.cache`. */
export async function nodes() {
  const folder = join(root, 'node_modules/.cache/netspace-node');
  const bin = (major) => (major === OWN ? dirname(process.execPath) : join(folder, `node_modules/node-${major}/bin`));
  if (!MAJORS.every((major) => existsSync(bin(major)))) {
    const binary = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
    const dependencies = Object.fromEntries(
      MAJORS.filter((major) => major !== OWN).map((major) => [`node-${major}`, `npm:${binary}@${major}`]),
    );
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, dependencies }));
    await exec('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: folder, timeout: 600_000 });
  }
  return MAJORS.map((major) => ({ major, bin: bin(major) }));
}
