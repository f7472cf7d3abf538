import { join } from 'node:path';

import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import type { StoreFiles } from '@netspace/zoo';

import { checkOutput } from './check-output.js';
import { directoryFiles } from './directory-files.js';
import { fileProblem, isMissing } from './file-problem.js';
import { type FolderLockOptions, withFolderLock } from './folder-lock.js';
import { readRegularFile } from './read-regular-file.js';
import { s3Files, withS3Lock } from './s3/s3-files.js';
import { isS3Address } from './s3/s3-place.js';

/** The files of a place: a folder, or a part of a bucket such as `s3://bucket/zoo`. */
export const filesAt = (place: string): StoreFiles => (isS3Address(place) ? s3Files(place) : directoryFiles(place));

/** As {@link withFolderLock}, for any place. */
export const withLockAt = <T>(place: string, task: () => Promise<T>, options: FolderLockOptions): Promise<T> =>
  isS3Address(place) ? withS3Lock(place, task, options) : withFolderLock(place, task, options);

/**
 * Bytes of a small file; undefined if there is none. No more than `limit` bytes are read.
 *
 * @throws NetSpaceError `LIMIT_EXCEEDED` if it is larger, `UNAVAILABLE` if it is no regular file or cannot be read
 */
export async function readAt(caller: string, place: string, path: string, limit: number): Promise<Uint8Array | undefined> {
  const file = isS3Address(place) ? `${place}/${path}` : join(place, path);
  try {
    if (!isS3Address(place)) return await readRegularFile(caller, file, limit);
    const bytes = await s3Files(place).readRange!(path, 0, limit + 1);
    if (bytes.length <= limit) return bytes;
    throw new NetSpaceError('LIMIT_EXCEEDED', `${caller}: expected at most ${limit} bytes in ${file}, got more; check the place`);
  } catch (error) {
    if (isMissing(error) || (isNetSpaceError(error) && error.code === 'NOT_FOUND')) return undefined;
    throw fileProblem(caller, file, error);
  }
}

/** As {@link checkOutput} of a folder, for any place: that a bucket can be written is seen by the first write. */
export async function checkOutputAt(option: string, place: string): Promise<void> {
  if (isS3Address(place)) await s3Files(place).list!('');
  else await checkOutput(option, place, 'folder');
}
