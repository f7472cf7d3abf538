import { isAbsolute, join, normalize, sep } from 'node:path';

import { NetSpaceError } from '@netspace/prep';
import { parseOptions } from '@netspace/prep/internal';
import type { StoreFiles } from '@netspace/zoo';

import { appendFlushed } from './append-flushed.js';
import { fileProblem, isMissing } from './file-problem.js';
import { onFileSystem, type OnFileSystem } from './file-system.js';
import { withFolderLock } from './folder-lock.js';
import { FILE_LIMITS } from './read-regular-file.js';
import { writeAtomically } from './write-atomically.js';

/** The folder in which a store puts its instances, and in which a killed writer leaves its drafts. */
const INSTANCES_FOLDER = 'instances';

/**
 * The files under one folder, as an instance store reads and writes them. Each write is atomic, and what is appended is on the disk before
 * the next begins; the folder is made by the first; `exclusive` keeps other processes out while an adder works.
 *
 * @param directory the folder; paths are relative to it and cannot leave it
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown or wrong; from `read`: `NOT_FOUND` if there is no such file; from
 * both: `INVALID_OPTION` for a path out of the folder, `UNAVAILABLE` if the folder cannot be read or written
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { directoryFiles } from '@netspace/node';
 * import { openInstanceStore } from '@netspace/zoo';
 *
 * const store = openInstanceStore(directoryFiles(await mkdtemp(join(tmpdir(), 'zoo-'))));
 * console.log((await store.list()).length); // 0
 * ```
 */
export function directoryFiles(directory: string, options: OnFileSystem = {}): StoreFiles {
  const { fileSystem } = parseOptions('directoryFiles', onFileSystem, options);
  let cleaned = false;
  const reading = async (path: string, read: (file: string) => Promise<Uint8Array>): Promise<Uint8Array> => {
    const file = inside(directory, path);
    try {
      return await read(file);
    } catch (error) {
      if (!isMissing(error)) throw fileProblem('directoryFiles', file, error);
      throw new NetSpaceError('NOT_FOUND', `directoryFiles: expected a file '${path}' in ${directory}, got none; check the folder`, {
        cause: error,
      });
    }
  };
  return {
    read: (path) => reading(path, (file) => fileSystem.readFile(file, { caller: 'directoryFiles', limit: FILE_LIMITS.weights })),
    readRange: (path, begin, end) => reading(path, (file) => fileSystem.readRange(file, { caller: 'directoryFiles', begin, end })),
    async write(path, bytes) {
      await writeAtomically(inside(directory, path), bytes, { fileSystem });
    },
    append: (path, at, bytes) => appendFlushed(inside(directory, path), at, bytes, fileSystem),
    async list(folder) {
      const place = inside(directory, folder);
      try {
        return await fileSystem.readdir(place);
      } catch (error) {
        if (isMissing(error)) return [];
        throw fileProblem('directoryFiles', place, error);
      }
    },
    async remove(path) {
      const file = inside(directory, path);
      try {
        await fileSystem.rm(file, { force: true });
      } catch (error) {
        throw fileProblem('directoryFiles', file, error);
      }
    },
    async exclusive(task) {
      const subfolders = cleaned ? [] : [INSTANCES_FOLDER]; // many files: once is enough
      cleaned = true;
      return withFolderLock(directory, task, { subfolders, fileSystem });
    },
  };
}

/** A path inside a folder; refuses any that leads out of it, as a manifest from elsewhere may hold. */
export function inside(directory: string, path: string): string {
  const local = normalize(path);
  if (path === '' || isAbsolute(local) || local === '..' || local.startsWith(`..${sep}`) || path.includes('\0')) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `directoryFiles: expected a path inside ${directory}, got '${path}'; paths cannot leave the folder`,
    );
  }
  return join(directory, local);
}
