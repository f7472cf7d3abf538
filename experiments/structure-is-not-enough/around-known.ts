import type { NetSpace } from '@netspace/model';
import type { Instance } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

/** What decodes numbers to networks around given ones, without anything that was learned. */
export interface AroundKnown extends Pick<NetSpace, 'decode'> {
  dispose(): void;
}

/**
 * The control: random directions, as a space with `directions` has them, around networks instead of beside a decoder. Row i of the numbers moves
 * network i: `w_i + scale · σ ⊙ z_i R / √E`, σ the deviations in the space's units.
 *
 * @param space gives units and shape
 * @param networks N of them; known ones, which have to be kept
 */
export function aroundKnown(
  space: NetSpace,
  networks: readonly Instance[],
  { numbers, scale, seed }: { readonly numbers: number; readonly scale: number; readonly seed: number },
): AroundKnown {
  const { preps } = space.pack(networks);
  const [, height, width] = preps.shape;
  const moves = tf.tidy(() => {
    const directions = tf.randomNormal([numbers, height * width], 0, scale / Math.sqrt(numbers), 'float32', seed);
    return tf.mul(directions, tf.reshape(space.normalization!.deviation, [1, -1])) as tf.Tensor2D; // padding is not read
  });
  return {
    decode: (z) => ({ preps: tf.tidy(() => tf.add(preps, tf.reshape(tf.matMul(z, moves), preps.shape))), classLogits: undefined }),
    dispose: () => tf.dispose([preps, moves]),
  };
}
