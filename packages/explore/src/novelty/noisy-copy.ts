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
 * The same network with normal noise on each parameter. This is the cheapest way to a network that is new only in its weights, and a
 * baseline for other networks.
 *
 * `θ + level · std(θ) · z` for each parameter tensor θ, z standard normal.
 *
 * @returns a network with tensors of its own, which the caller disposes
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown, missing or out of range
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { noisyCopy } from '@netspace/explore';
 * import { initialize, siren } from '@netspace/zoo';
 *
 * const architecture = siren({ hidden: 4, layers: 0 });
 * const network = { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) };
 * const copy = noisyCopy(network, { level: 0, seed: 1 }); // no noise at all
 * console.log((await tf.equal(copy.parameters[0]!, network.parameters[0]!).all().data())[0]); // 1
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
