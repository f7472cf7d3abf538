import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { NetSpaceError } from '@netspace/prep';

import { fileProblem } from '../files/file-problem.js';
import { ZOO_SOURCE_LIMITS } from './found-network.js';

/**
 * Paths of the files below a folder, relative to it, with forward slashes, sorted with numbers in order. Links are not followed.
 *
 * @throws NetSpaceError `LIMIT_EXCEEDED` beyond ZOO_SOURCE_LIMITS, `UNAVAILABLE` if the folder cannot be read
 */
export async function walkFiles(folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  let seen = 0;
  const walk = async (below: string, depth: number): Promise<void> => {
    if (depth > ZOO_SOURCE_LIMITS.depth) throw tooMany('depth', `${folder}/${below}`);
    for (const entry of await entriesOf(join(folder, below))) {
      if (++seen > ZOO_SOURCE_LIMITS.files) throw tooMany('files', folder);
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) await walk(path, depth + 1);
      else if (entry.isFile()) files.push(path);
    }
  };
  await walk('', 0);
  return files.sort(byNumbers);
}

/** `net-2` before `net-10`. */
export const byNumbers = new Intl.Collator('en', { numeric: true }).compare;

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    throw fileProblem('zoo import', folder, error);
  }
}

const tooMany = (limit: 'depth' | 'files', place: string): NetSpaceError =>
  new NetSpaceError('LIMIT_EXCEEDED', `zoo import: expected at most ${ZOO_SOURCE_LIMITS[limit]} ${limit === 'depth' ? 'folders within folders' : 'files'}, got more in ${place}; import parts of it`); // prettier-ignore
