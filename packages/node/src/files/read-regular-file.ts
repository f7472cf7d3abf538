import { constants, type Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

import { NetSpaceError } from '@netspace/prep';

/** Largest files that are read, in bytes. A reader of one format may have a smaller limit. */
export const FILE_LIMITS = {
  /** Configs, recipes, `run.json`. */
  json: 2 ** 24,
  /** Networks, embeddings, the weights of a space. */
  weights: 2 ** 31,
  /** Checkpoints: weights, optimizer state and running sums. */
  checkpoint: 2 ** 33,
} as const;

/**
 * Reads a whole file, at most `limit` bytes.
 *
 * The size that the system reports is not trusted, because a link to an endless device has size 0. Only regular files are read. Opening
 * never waits, as it would for a pipe without a writer.
 *
 * @throws NetSpaceError `UNAVAILABLE` if it is a folder, pipe, device or socket, `LIMIT_EXCEEDED` if it is larger; errors of `node:fs` as
 *   they are
 */
export async function readRegularFile(caller: string, path: string, limit: number): Promise<Buffer> {
  return withRegularFile(caller, path, async (file, { size }) => {
    if (size > limit) throw tooLarge(caller, path, limit, String(size));
    return readUpTo(file, size, limit, () => tooLarge(caller, path, limit, 'more'));
  });
}

/**
 * Reads bytes of a file from `begin` up to, but without, `end`; fewer if the file ends before.
 *
 * @throws NetSpaceError `UNAVAILABLE` if it is no regular file; errors of `node:fs` as they are
 */
export async function readRegularRange(caller: string, path: string, begin: number, end: number): Promise<Buffer> {
  return withRegularFile(caller, path, async (file, { size }) => {
    const bytes = Buffer.allocUnsafeSlow(Math.max(0, Math.min(end, size) - begin));
    for (let length = 0; length < bytes.length;) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length, begin + length);
      if (bytesRead === 0) return bytes.subarray(0, length); // it was cut meanwhile
      length += bytesRead;
    }
    return bytes;
  });
}

/**
 * Opens a regular file to read. Opening never waits, as it would for a pipe without a writer.
 *
 * @returns a file that the caller closes
 * @throws NetSpaceError `UNAVAILABLE` if it is a folder, pipe, device or socket; errors of `node:fs` as they are
 */
export async function openRegularFile(caller: string, path: string): Promise<{ readonly file: FileHandle; readonly stats: Stats }> {
  const file = await open(path, constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0)); // Windows has none
  try {
    const stats = await file.stat();
    if (stats.isFile()) return { file, stats };
    throw new NetSpaceError('UNAVAILABLE', `${caller}: expected a file at ${path}, got ${kindOf(stats)}; name a regular file`);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function withRegularFile<T>(caller: string, path: string, task: (file: FileHandle, stats: Stats) => Promise<T>): Promise<T> {
  const { file, stats } = await openRegularFile(caller, path);
  try {
    return await task(file, stats);
  } finally {
    await file.close();
  }
}

const kindOf = (stats: Stats): string =>
  stats.isDirectory() ? 'a folder' : stats.isFIFO() ? 'a pipe' : stats.isSocket() ? 'a socket' : 'a device';

async function readUpTo(file: FileHandle, expected: number, limit: number, exceeded: () => Error): Promise<Buffer> {
  let bytes = Buffer.allocUnsafeSlow(expected + 1); // the one more byte shows whether the file has grown
  for (let length = 0; ;) {
    const { bytesRead } = await file.read(bytes, length, Math.min(bytes.length - length, 2 ** 30));
    length += bytesRead;
    if (length > limit) throw exceeded();
    if (bytesRead === 0) return bytes.subarray(0, length);
    if (length === bytes.length) bytes = Buffer.concat([bytes], Math.min(2 * length + 65_536, limit + 1));
  }
}

const tooLarge = (caller: string, path: string, limit: number, got: string): NetSpaceError =>
  new NetSpaceError('LIMIT_EXCEEDED', `${caller}: expected at most ${limit} bytes in ${path}, got ${got}; check the path`);
