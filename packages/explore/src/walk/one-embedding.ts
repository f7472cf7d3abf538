import { NetSpaceError } from '@netspace/prep';
import type * as tf from '@tensorflow/tfjs-core';

/** Refuses everything except the embedding of one network, `[E]` or `[1, E]`. */
export function assertOneEmbedding(caller: string, name: string, { shape, size }: tf.Tensor): void {
  if (size === shape.at(-1)) return;
  throw new NetSpaceError(
    'SHAPE_MISMATCH',
    `${caller}: expected one embedding [E] or [1, E], got ${name} of shape [${shape}]; take one row with tf.slice`,
  );
}
