import { readdirSync, readFileSync } from 'node:fs';

import packlist from 'npm-packlist';

import { root } from '../bootstrap.mjs';
import { exec } from './processes.mjs';

/**
 * The tarballs, which pnpm packed, hold the files that npm would pack: what is released does not depend on which of the two releases it. npm's own
 * list is asked for, since `npm pack --dry-run` also looks through all of `node_modules`, which takes twenty seconds.
 */
export async function sameFiles({ tarballs }) {
  const folders = readdirSync(`${root}packages`).map((name) => `${root}packages/${name}`);
  const errors = await Promise.all(
    folders.map(async (path) => {
      const manifest = JSON.parse(readFileSync(`${path}/package.json`, 'utf8'));
      const { name } = manifest;
      const npm = await packlist({ path, package: manifest, isProjectRoot: true, edgesOut: new Map() }); // no package bundles another
      const list = await exec('tar', ['tzf', tarballs[name].replace(/^file:/, '')]);
      const pnpm = list
        .trim()
        .split('\n')
        .map((path) => path.replace(/^package\//, ''));
      const only = (a, b) => a.filter((path) => !b.includes(path)).join(', ') || 'nothing';
      return npm.length === pnpm.length && only(npm, pnpm) === 'nothing'
        ? []
        : [`${name}: npm alone would pack ${only(npm, pnpm)}; pnpm alone packed ${only(pnpm, npm)}`];
    }),
  );
  return { done: `${folders.length} packages have the same files by npm and by pnpm`, errors: errors.flat() };
}
