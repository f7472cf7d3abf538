import type { Instance } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

export interface NoisyCopyOptions {
  /** Standard deviation of the noise, in units of each parameter tensor's own. */
  readonly level: number;
  /** A whole number ≥ 0; the same seed gives the same noise. */
  readonly seed: number;
}

/**
 * The same network with normal noise on each parameter. This is the cheapest network that is new in its weights alone; others are compared
 * with it.
 *
 * `θ + level · std(θ) · z` for each parameter tensor θ, z standard normal.
 *
 * @returns a network with tensors of its own, which the caller disposes
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
export const noisyCopy = ({ architecture, parameters }: Instance, { level, seed }: NoisyCopyOptions): Instance => ({
  architecture,
  parameters: parameters.map((tensor, i) =>
    tf.tidy(() => {
      const std = tf.sqrt(tf.moments(tensor).variance);
      return tf.add(tensor, tf.mul(tf.mul(std, level), tf.randomNormal(tensor.shape, 0, 1, 'float32', 1000 * (seed + 1) + i)));
    }),
  ),
});
