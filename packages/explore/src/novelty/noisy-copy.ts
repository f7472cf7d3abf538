import type { Instance } from '@netspace/prep';
import { type GivenBy, nonNegative, objectOf, parseOptions, seed } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

/** See {@link NoisyCopyOptions}. */
export const noisyCopyOptions = objectOf({
  /** Standard deviation of the noise, in units of each parameter tensor's own. */
  level: nonNegative,
  /** The same seed gives the same noise. */
  seed,
});

/** Options of {@link noisyCopy}. */
export interface NoisyCopyOptions extends GivenBy<typeof noisyCopyOptions> {}

/**
 * The same network with normal noise on each parameter: the cheapest way to a network that is new in its weights alone, to compare others
 * with.
 *
 * `θ + level · std(θ) · z` for each parameter tensor θ, z standard normal.
 *
 * @returns a network with tensors of its own, which the caller disposes
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown, missing or out of range
 * @example
 * ```ts
 * import { noisyCopy } from '@netspace/explore';
 * import { initialize, lenetLike } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ channels: 1, size: 16, width: 0.3 });
 * const copy = noisyCopy({ architecture, parameters: initialize(architecture.parameters, { seed: 1 }) }, { level: 0.1, seed: 0 });
 * ```
 */
export function noisyCopy({ architecture, parameters }: Instance, options: NoisyCopyOptions): Instance {
  const { level, seed: own } = parseOptions('noisyCopy', noisyCopyOptions, options);
  const noisy = (tensor: tf.Tensor, i: number) =>
    tf.tidy(() => {
      const std = tf.sqrt(tf.moments(tensor).variance);
      return tf.add(tensor, tf.mul(tf.mul(std, level), tf.randomNormal(tensor.shape, 0, 1, 'float32', 1000 * (own + 1) + i)));
    });
  return { architecture, parameters: parameters.map(noisy) };
}
