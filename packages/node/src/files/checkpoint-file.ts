import type { CheckpointStorage } from '@netspace/train';

import { fileProblem, isMissing } from './file-problem.js';
import { FILE_LIMITS, readRegularFile } from './read-regular-file.js';
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
export const checkpointFile = (path: string): CheckpointStorage => ({
  name: path,
  async read() {
    try {
      return await readRegularFile('checkpointFile', path, FILE_LIMITS.checkpoint);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw fileProblem('checkpointFile', path, error);
    }
  },
  write: (bytes) => writeAtomically(path, bytes),
});
