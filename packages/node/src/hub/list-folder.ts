import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { NetSpaceError } from '@netspace/prep';

import { openRegularFile } from '../files/read-regular-file.js';
import { FILE_LIST_NAME, isSafePath, type ListedFile } from './file-list.js';
import { HUB_LIMITS } from './hub-limits.js';

/**
 * Every file of a folder with its length and checksum, in order of the paths; not the list itself.
 *
 * @throws NetSpaceError `INVALID_OPTION` for a link or another thing that is no file: what it leads to may be private; or for a path that
 *   {@link isSafePath} refuses
 */
export async function listFolder(folder: string): Promise<readonly ListedFile[]> {
  const paths = (await pathsIn(folder, '')).filter((path) => path !== FILE_LIST_NAME).sort();
  if (paths.length > HUB_LIMITS.files) {
    throw new NetSpaceError('LIMIT_EXCEEDED', `expected at most ${HUB_LIMITS.files} files in ${folder}, got ${paths.length}`);
  }
  const files: ListedFile[] = [];
  for (const path of paths) files.push({ path, ...(await fingerprint(join(folder, path))) });
  return files;
}

async function pathsIn(folder: string, below: string): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const lists = entries.map(async (entry): Promise<string[]> => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory() && isSafePath(path)) return pathsIn(folder, path);
    if (entry.isFile() && isSafePath(path)) return [path];
    const what = entry.isFile() || entry.isDirectory() ? 'whose name not every system takes' : 'which is a link or a device';
    throw new NetSpaceError('INVALID_OPTION', `expected only files and folders in ${folder}, got ${path}, ${what}; remove or rename it`);
  });
  return (await Promise.all(lists)).flat();
}

/**
 * Length and checksum of a file, read piece by piece.
 *
 * @throws NetSpaceError `UNAVAILABLE` if it is no regular file; errors of `node:fs` as they are
 */
export async function fingerprint(path: string): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of (await openRegularFile('fingerprint', path)).file.createReadStream() as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}
