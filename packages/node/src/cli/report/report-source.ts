import { access } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { NetSpaceError } from '@netspace/prep';

import { filesAt } from '../../files/files-at.js';
import { isS3Address } from '../../files/s3/s3-place.js';
import type { Called } from '../called.js';

/** What a report can be about. */
export type ReportSource = 'space' | 'zoo' | 'run';

const SIGNS = [
  ['space', 'space.json'],
  ['zoo', 'manifest.json'],
  ['run', 'run.json'],
  ['run', 'metrics.jsonl'],
] as const;

/**
 * Tells what lies in a folder: a space, also one that a run has left; a zoo; or a run without a space. In a bucket there can be a zoo only.
 *
 * @throws NetSpaceError `NOT_FOUND` if it is none of them
 */
export async function reportSource(folder: string, { netspace = 'netspace' }: Called = {}): Promise<ReportSource> {
  if (isS3Address(folder)) {
    if ((await filesAt(folder).list!('')).includes('manifest.json')) return 'zoo';
    throw new NetSpaceError('NOT_FOUND', `report: expected a zoo in ${folder}, got none; a bucket has zoos only: name one that ${netspace} zoo build wrote`); // prettier-ignore
  }
  for (const [kind, file] of SIGNS) if (await isThere(join(folder, file))) return kind;
  const wanted = SIGNS.map(([, file]) => file).join(', ');
  throw new NetSpaceError(
    'NOT_FOUND',
    `report: expected a space, a zoo or a run in ${folder}, got none of ${wanted}; name a folder that ${netspace} train or ${netspace} zoo build wrote`,
  );
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** The folder's name; its parent's in front where that alone says nothing. */
export function titleOf(folder: string): string {
  if (isS3Address(folder)) return folder;
  const path = resolve(folder);
  const name = basename(path);
  return ['space', 'run', 'out', 'zoo'].includes(name) ? join(basename(dirname(path)), name) : name;
}
