import { NetSpaceError } from '@netspace/prep';
import { createStore, get, set } from 'idb-keyval';

import type { CheckpointStorage } from './storage.js';

/**
 * A checkpoint in a browser's IndexedDB, kept across reloads. It is replaced in one transaction, completely or not at all. Pages and
 * workers of one origin share it by its name.
 *
 * A browser may evict it when the disk is full, unless `navigator.storage.persist()` was granted. `indexedDB.deleteDatabase('netspace')`
 * deletes all checkpoints.
 *
 * @returns a storage whose calls reject with NetSpaceError `UNAVAILABLE` if there is no IndexedDB or its use is forbidden, `LIMIT_EXCEEDED`
 * if the origin's quota is used up, and `CORRUPT_FILE` if the name holds something that is no checkpoint
 * @example
 * ```ts
 * import { indexedDbCheckpoint, trainNetSpace, type TrainNetSpaceOptions } from '@netspace/train';
 * import type { NetSpace } from '@netspace/model';
 *
 * async function trainInWorker(space: NetSpace, options: TrainNetSpaceOptions): Promise<void> {
 *   const checkpoint = { storage: indexedDbCheckpoint('digits'), every: 100, resume: true };
 *   for await (const { step } of trainNetSpace(space, { ...options, checkpoint })) postMessage({ step });
 * }
 * ```
 */
export function indexedDbCheckpoint(name: string): CheckpointStorage {
  const place = `indexeddb://netspace/${name}`;
  let store: ReturnType<typeof createStore> | undefined;
  const attempt = async <T>(request: (checkpoints: ReturnType<typeof createStore>) => Promise<T>): Promise<T> => {
    try {
      return await request((store ??= createStore('netspace', 'checkpoints')));
    } catch (error) {
      throw refusal(place, error);
    }
  };
  return {
    name: place,
    async read() {
      const kept = await attempt((checkpoints) => get<unknown>(name, checkpoints));
      if (kept === undefined || kept instanceof Uint8Array) return kept;
      throw new NetSpaceError('CORRUPT_FILE', `indexedDbCheckpoint: expected bytes at ${place}, got ${typeof kept}; choose another name`);
    },
    write(bytes) {
      // Copied, because the whole buffer of a view would be stored with it.
      const whole = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
      return attempt((checkpoints) => set(name, whole, checkpoints));
    },
  };
}

function refusal(place: string, cause: unknown): NetSpaceError {
  if ((cause as { readonly name?: string } | null)?.name === 'QuotaExceededError') {
    return new NetSpaceError(
      'LIMIT_EXCEEDED',
      `indexedDbCheckpoint: expected room for the checkpoint at ${place}, but the quota is used up; delete other data of this site`,
      { cause },
    );
  }
  return new NetSpaceError(
    'UNAVAILABLE',
    `indexedDbCheckpoint: expected IndexedDB for ${place}, got "${String(cause)}"; use memoryCheckpoint, or checkpointFile of @netspace/node`,
    { cause },
  );
}
