import type { NetSpace } from '@netspace/model';
import { type Instance, NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { predictedLogits } from '../evaluate/predicted-logits.js';
import type { OutputDistance } from './output-distance.js';

/** Embeddings that are decoded at once. */
const AT_ONCE = 16;
/** About so many coordinates, evenly taken from those of a step, are compared; of images, all that a step has. */
const COORDINATES = 1024;

interface Compared {
  /** The target's place among the space's architectures. */
  readonly classId: number;
  /** Inputs on which networks are compared, `[batch, …]`. */
  readonly inputs: tf.Tensor;
  readonly distance: OutputDistance;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Of some embeddings, the one whose network does the most nearly what the target does.
 *
 * @param embeddings `[K, E]`
 * @returns `[1, E]`; the caller disposes of it
 * @throws NetSpaceError `ABORTED` by the signal
 */
export async function closestStart(
  space: NetSpace,
  embeddings: tf.Tensor2D,
  { architecture, parameters }: Instance,
  { classId, inputs, distance, signal }: Compared,
): Promise<tf.Tensor2D> {
  const isCoordinates = inputs.rank === 2;
  const everyFew = isCoordinates ? Math.ceil(inputs.shape[0]! / COORDINATES) : 1;
  const [x, wanted] = tf.tidy(() => {
    const some = everyFew === 1 ? tf.clone(inputs) : tf.stridedSlice(inputs, [0, 0], inputs.shape, [everyFew, 1]);
    return [some, architecture.apply(parameters, some)] as const;
  });
  try {
    let best = { index: 0, distance: Infinity };
    for (let from = 0; from < embeddings.shape[0]; from += AT_ONCE) {
      if (signal?.aborted) throw new NetSpaceError('ABORTED', 'refineEmbedding: stopped by its signal before its first step');
      const count = Math.min(AT_ONCE, embeddings.shape[0] - from);
      const distances = tf.tidy(() => {
        const { preps } = space.decode(tf.slice(embeddings, from, count), { classIds: Array<number>(count).fill(classId) });
        // Many networks on images at once would fill the memory.
        const several = isCoordinates ? [preps] : tf.split<tf.Tensor3D>(preps, count);
        const values = several.flatMap((some) => predictedLogits(some, architecture, x));
        return tf.stack(values.map((own) => distance(own, wanted)));
      });
      const list = await distances.data().finally(() => distances.dispose());
      for (const [i, value] of list.entries()) if (value < best.distance) best = { index: from + i, distance: value };
    }
    return tf.slice(embeddings, best.index, 1);
  } finally {
    tf.dispose([x, wanted]);
  }
}

/**
 * Refuses everything except embeddings of this space, `[K, E]`.
 *
 * @throws NetSpaceError `SHAPE_MISMATCH`
 */
export function assertEmbeddings(call: string, name: string, { shape }: tf.Tensor, { config }: Pick<NetSpace, 'config'>): void {
  const { embeddingSize } = config;
  if (shape.length === 2 && shape[0]! > 0 && shape[1] === embeddingSize) return;
  throw new NetSpaceError(
    'SHAPE_MISMATCH',
    `${call}: expected embeddings of this space [K, ${embeddingSize}], got ${name} of shape [${shape}]; pass those of trainedEmbeddings, or of space.encode`,
  );
}
