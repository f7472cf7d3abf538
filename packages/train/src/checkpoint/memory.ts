import type { CheckpointStorage } from './storage.js';

/** A checkpoint in memory: for a run that is stopped and resumed within one program, and for tests. */
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
