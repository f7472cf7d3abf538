import * as tf from '@tensorflow/tfjs-core';

import { leakyRelu } from '../layers/leaky-relu.js';
import { maxPatches } from './max-patches.js';

/** Kernels of the two convolutions of `convMax` as matrices. */
export interface Kernels {
  /** `[4, h]`: the first one's weights and, last, its bias. */
  readonly kernel1: tf.Tensor2D;
  /** `[o, 1, 3·h]`: the second one's weights, by output channel. */
  readonly kernel2: tf.Tensor3D;
}

/**
 * Decides which of two positions has the larger output, more exactly than a comparison of the two sums would.
 *
 * Parts of a row of weights resemble each other. So the two best of thousands of positions often differ by less than the rounding errors of
 * their sums of 3·h terms, and the gradient depends on the choice. The sum of the *differences* of the terms rounds far less if the patches
 * are alike. Of two equal positions the first is chosen.
 *
 * @param rows `[R, W]`
 * @param best `[o, R]`, int32
 * @param next `[o, R]`, int32
 * @returns `[o, R]`, int32
 */
export function decideNearTies(rows: tf.Tensor2D, best: tf.Tensor2D, next: tf.Tensor2D, { kernel1, kernel2 }: Kernels): tf.Tensor2D {
  return tf.tidy(() => {
    const [o, count] = best.shape;
    const activation = (position: tf.Tensor2D) => leakyRelu(maxPatches(rows, position, kernel1).z); // [N·3, h]
    const difference = tf.reshape(tf.sub(activation(best), activation(next)), [o, count, -1]); // [o, R, 3·h]
    const ahead = tf.sum(tf.mul(difference, kernel2), 2); // [o, R]: output at best − output at next
    const zero = tf.scalar(0);
    const takeNext = tf.logicalOr(tf.less(ahead, zero), tf.logicalAnd(tf.equal(ahead, zero), tf.less(next, best)));
    return tf.where(takeNext, next, best);
  });
}
