import { createHash } from 'node:crypto';

import type { NetSpace } from '@netspace/model';
import type * as tf from '@tensorflow/tfjs-core';

/**
 * Tells a space from others: SHA-256 of its weights, units and directions. An embedding means something to the space that made it and to no other, not
 * even to itself after more steps.
 */
export async function spaceFingerprint({ config: { directions }, variables, normalization }: NetSpace): Promise<string> {
  const hash = createHash('sha256');
  const tensors: Readonly<Record<string, tf.Tensor>> = { ...variables, ...normalization };
  for (const [name, tensor] of Object.entries(tensors)) {
    hash.update(`${name} [${tensor.shape.join()}] `).update(await tensor.data<'float32'>());
  }
  if (directions !== undefined) hash.update(JSON.stringify(directions));
  return hash.digest('hex');
}
