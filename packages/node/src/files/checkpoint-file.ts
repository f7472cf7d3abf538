import type { CheckpointStorage } from '@netspace/train';

import { fileProblem, isMissing } from './file-problem.js';
import { nodeFileSystem, type OnFileSystem } from './file-system.js';
import { writeAtomically } from './write-atomically.js';

/**
 * A checkpoint in one file, which is replaced whole or not at all.
 *
 * @example
 * ```ts no-run
 * import { checkpointFile, trainNetSpace, type TrainNetSpaceOptions } from '@netspace/node';
 * import type { NetSpace } from '@netspace/model';
 *
 * declare const space: NetSpace;
 * declare const options: TrainNetSpaceOptions;
 * const storage = checkpointFile('my-run/checkpoint.safetensors');
 * for await (const { step } of trainNetSpace(space, { ...options, checkpoint: { storage, resume: true } })) console.log(step);
 * ```
 */
export const checkpointFile = (path: string, { fileSystem = nodeFileSystem }: OnFileSystem = {}): CheckpointStorage => ({
  name: path,
  async read() {
    try {
      return await fileSystem.readFile(path);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw fileProblem('checkpointFile', path, error);
    }
  },
  write: (bytes) => writeAtomically(path, bytes, { fileSystem }),
});
