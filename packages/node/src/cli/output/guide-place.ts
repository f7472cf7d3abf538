import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { NetSpaceError } from '@netspace/prep';

/**
 * Where a page of the guide is: its address, beside the page of error codes; as long as nobody has said where the site is, the path of the
 * copy that this package brings, or that of the clone. Undefined if there is none.
 *
 * @param page name of its file without ending
 * @param errors address of the page of error codes
 */
export function guidePlace(page: string, errors = new NetSpaceError('NOT_FOUND', page).helpUrl): string | undefined {
  if (errors === undefined) return packagedPage(join('guide', `${page}.md`));
  const parts = /^(.*)\/reference\/errors(\.\w+)/.exec(errors);
  return parts === null ? undefined : `${parts[1]}/guide/${page}${parts[2]}`;
}

/** Folders above this file, at most: dist of the package, and from the sources the root of the clone. */
const LEVELS = 6;

/** Path of a page that `npm run build` has copied into the package, as seen from here; in a clone, of the page itself. */
export function packagedPage(page: string): string | undefined {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let level = 0; level < LEVELS; level++, folder = dirname(folder)) {
    const path = join(folder, 'docs', page);
    if (!existsSync(path)) continue;
    const near = relative('.', path);
    return near.startsWith('..') ? path : near;
  }
  return undefined;
}
