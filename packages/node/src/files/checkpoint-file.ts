import { parseOptions } from '@netspace/prep/internal';
import type { CheckpointStorage } from '@netspace/train';

import { fileProblem, isMissing } from './file-problem.js';
import { onFileSystem, type OnFileSystem } from './file-system.js';
import { FILE_LIMITS } from './read-regular-file.js';
import { writeAtomically } from './write-atomically.js';

/**
 * A checkpoint in one file, which is replaced completely or not at all.
 *
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown or wrong; from its methods `UNAVAILABLE` if the file cannot be read
 * or written
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { checkpointFile } from '@netspace/node';
 *
 * const path = join(await mkdtemp(join(tmpdir(), 'run-')), 'checkpoint.safetensors');
 * const storage = checkpointFile(path); // for trainNetSpace: `checkpoint: { storage, resume: true }`
 * console.log(await storage.read()); // undefined
 * ```
 */
export function checkpointFile(path: string, options: OnFileSystem = {}): CheckpointStorage {
  const { fileSystem } = parseOptions('checkpointFile', onFileSystem, options);
  return {
    name: path,
    async read() {
      try {
        return await fileSystem.readFile(path, { caller: 'checkpointFile', limit: FILE_LIMITS.checkpoint });
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw fileProblem('checkpointFile', path, error);
      }
    },
    write: (bytes) => writeAtomically(path, bytes, { fileSystem }),
  };
}
