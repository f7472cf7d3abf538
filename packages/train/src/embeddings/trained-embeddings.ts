import { NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { readCheckpoint } from '../checkpoint/checkpoint.js';
import type { CheckpointStorage } from '../checkpoint/storage.js';
import { REACH, TABLE } from './free-embeddings.js';

/**
 * The embeddings that a run with `embeddings: 'free'` has found for the networks it learned from. They are better than what the encoder says of
 * these networks.
 *
 * @returns `[N, E]`, in the order of the run's instances; the caller disposes of it
 * @throws NetSpaceError `NOT_FOUND` if there is no checkpoint, or one of a run without such embeddings; `CORRUPT_FILE` for a damaged one
 * @see Park et al., "DeepSDF", CVPR 2019, section 4.2
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { NetSpace } from '@netspace/model';
 * import { memoryCheckpoint, trainedEmbeddings, trainNetSpace } from '@netspace/train';
 * import { initialize, siren } from '@netspace/zoo';
 *
 * const architecture = siren({ hidden: 8 });
 * const instances = [1, 2].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed, scheme: 'siren' }) }));
 * const space = new NetSpace({ architectures: [architecture], prepShape: [4, 32], preset: 'tiny' });
 * const storage = memoryCheckpoint();
 * const task = { kind: 'sdf', points: 'own', clamp: 0.1 } as const;
 * for await (const _ of trainNetSpace(space, { instances, task, steps: 2, batch: { nets: 2 }, embeddings: 'free', checkpoint: { storage } }));
 * const embeddings = await trainedEmbeddings(storage);
 * console.log(embeddings.shape); // [ 2, 64 ]
 * ```
 */
export async function trainedEmbeddings(storage: CheckpointStorage): Promise<tf.Tensor2D> {
  const checkpoint = await readCheckpoint(storage);
  const table = checkpoint?.tensors[`space/${TABLE}`];
  const embeddings = table === undefined ? undefined : tf.tidy(() => tf.mul<tf.Tensor2D>(table, REACH));
  if (checkpoint !== undefined) tf.dispose(checkpoint.tensors);
  if (embeddings !== undefined) return embeddings;
  const got = checkpoint === undefined ? 'nothing' : 'a run whose embeddings were the encoder’s';
  throw new NetSpaceError(
    'NOT_FOUND',
    `trainedEmbeddings: expected in ${storage.name} a checkpoint of a run with embeddings: 'free', got ${got}; encode the networks instead`,
  );
}
