import { readFile } from 'node:fs/promises';

import type { CheckpointStorage } from '@netspace/train';

import { isMissing } from './is-missing.js';
import { writeAtomically } from './write-atomically.js';

/** A checkpoint in one file, which is replaced whole or not at all. */
export const checkpointFile = (path: string): CheckpointStorage => ({
  name: path,
  async read() {
    try {
      return await readFile(path);
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  write: (bytes) => writeAtomically(path, bytes),
});
