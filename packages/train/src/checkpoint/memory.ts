import type { CheckpointStorage } from './storage.js';

/**
 * A checkpoint in memory: for a run that is stopped and resumed within one program, and for tests.
 *
 * @example
 * ```ts
 * import { memoryCheckpoint } from '@netspace/train';
 *
 * const storage = memoryCheckpoint(); // for trainNetSpace: `checkpoint: { storage, resume: true }`
 * await storage.write(Uint8Array.of(1, 2));
 * console.log((await storage.read())?.length); // 2
 * ```
 */
export function memoryCheckpoint(name = 'memory'): CheckpointStorage {
  let kept: Uint8Array | undefined;
  return {
    name,
    read: () => Promise.resolve(kept?.slice()),
    write: (bytes) => {
      kept = bytes.slice();
      return Promise.resolve();
    },
  };
}
