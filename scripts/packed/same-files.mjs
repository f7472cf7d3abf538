import { readdirSync } from 'node:fs';

import { root } from '../bootstrap.mjs';
import { exec } from './processes.mjs';

/** The tarballs, which pnpm packed, hold the files that npm would pack: what is released does not depend on which of the two releases it. */
export async function sameFiles({ tarballs }) {
  const folders = readdirSync(`${root}packages`).map((name) => `./packages/${name}`);
  const packed = JSON.parse(await exec('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', ...folders], { cwd: root }));
  const manifests = Array.isArray(packed) ? packed : Object.values(packed);
  const errors = await Promise.all(
    manifests.map(async ({ name, files }) => {
      const list = await exec('tar', ['tzf', tarballs[name].replace(/^file:/, '')]);
      const [npm, pnpm] = [
        files.map(({ path }) => path),
        list
          .trim()
          .split('\n')
          .map((path) => path.replace(/^package\//, '')),
      ];
      const only = (a, b) => a.filter((path) => !b.includes(path)).join(', ') || 'nothing';
      return npm.length === pnpm.length && only(npm, pnpm) === 'nothing'
        ? []
        : [`${name}: npm alone would pack ${only(npm, pnpm)}; pnpm alone packed ${only(pnpm, npm)}`];
    }),
  );
  return { done: `${manifests.length} packages have the same files by npm and by pnpm`, errors: errors.flat() };
}
