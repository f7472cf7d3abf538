import type { Instance } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

export interface NoisyCopyOptions {
  /** Standard deviation of the noise, in units of each parameter tensor's own. */
  readonly level: number;
  /** A whole number ≥ 0; the same seed gives the same noise. */
  readonly seed: number;
}

/**
 * The same network with normal noise on each parameter: the cheapest way to a network that is new in its weights alone, to compare others
 * with.
 *
 * `θ + level · std(θ) · z` for each parameter tensor θ, z standard normal.
 *
 * @returns a network with tensors of its own, which the caller disposes
 * @example
 * ```ts
 * import { noisyCopy } from '@netspace/explore';
 * import { initialize, lenetLike } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ channels: 1, size: 16, width: 0.3 });
 * const copy = noisyCopy({ architecture, parameters: initialize(architecture.parameters, { seed: 1 }) }, { level: 0.1, seed: 0 });
 * ```
 */
export const noisyCopy = ({ architecture, parameters }: Instance, { level, seed }: NoisyCopyOptions): Instance => ({
  architecture,
  parameters: parameters.map((tensor, i) =>
    tf.tidy(() => {
      const std = tf.sqrt(tf.moments(tensor).variance);
      return tf.add(tensor, tf.mul(tf.mul(std, level), tf.randomNormal(tensor.shape, 0, 1, 'float32', 1000 * (seed + 1) + i)));
    }),
  ),
});
