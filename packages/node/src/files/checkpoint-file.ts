import type { CheckpointStorage } from '@netspace/train';

import { fileProblem, isMissing } from './file-problem.js';
import { nodeFileSystem, type OnFileSystem } from './file-system.js';
import { FILE_LIMITS } from './read-regular-file.js';
import { writeAtomically } from './write-atomically.js';

/**
 * A checkpoint in one file, which is replaced whole or not at all.
 *
 *
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
export const checkpointFile = (path: string, { fileSystem = nodeFileSystem }: OnFileSystem = {}): CheckpointStorage => ({
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
});
