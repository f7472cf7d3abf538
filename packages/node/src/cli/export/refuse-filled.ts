import { readdir } from 'node:fs/promises';

import { NetSpaceError } from '@netspace/prep';

import { isMissing } from '../../files/file-problem.js';
import { filesAt } from '../../files/files-at.js';
import { isS3Address } from '../../files/s3/s3-place.js';

/**
 * Refuses a folder, or a part of a bucket, that has something in it.
 *
 * @throws NetSpaceError `INVALID_OPTION` naming what is there
 */
export async function refuseFilled(option: string, folder: string): Promise<void> {
  const there = await (isS3Address(folder) ? filesAt(folder).list!('') : readdir(folder)).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  if (there.length === 0) return;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `expected ${option} to be a new or an empty folder, got ${folder}, in which there is ${there[0]}; name another, or remove what is there`,
  );
}
