import * as tf from '@tensorflow/tfjs-core';

import { equal } from './checks/assert.js';
import { NetSpaceError } from './errors.js';
import { nonNegative, tensor } from './options/option-kinds.js';
import { type GivenBy, objectOf, optional, parseOptions, withDefault } from './options/options.js';

/** See {@link NormalizedLayer}. */
export const normalizedLayer = objectOf({
  /** `[h, w, in, C]` or `[in, C]`: the last axis is the output channel. */
  weight: tensor,
  /**
   * The layer's bias, `[C]`.
   * @default no bias, which counts as zero
   */
  bias: optional(tensor),
  /** The norm's weight, `[C]`. */
  gamma: tensor,
  /** The norm's bias, `[C]`. */
  beta: tensor,
  /** Running mean, `[C]`. */
  mean: tensor,
  /** Running variance, `[C]`. */
  variance: tensor,
});

/** A convolution or linear layer and the batch normalization that follows it. C is the number of output channels. */
export interface NormalizedLayer extends GivenBy<typeof normalizedLayer> {}

/** See {@link FoldBatchNormOptions}. */
export const foldBatchNormOptions = objectOf({
  /**
   * Added to the variance; PyTorch's default is 1e-5, that of `tf.layers` 1e-3.
   * @default 1e-5
   */
  epsilon: withDefault(nonNegative, 1e-5),
});

/** Options of {@link foldBatchNorm}. */
export interface FoldBatchNormOptions extends GivenBy<typeof foldBatchNormOptions> {}

/**
 * One layer that does what a layer and its batch normalization do together at inference.
 *
 * `w' = w · γ / √(σ² + ε)`, `b' = (b − μ) · γ / √(σ² + ε) + β`. Differentiable.
 *
 * @returns `weight` of the same shape, `bias` `[C]`
 * @throws NetSpaceError `SHAPE_MISMATCH` if a vector's length is not the number of output channels, `INVALID_OPTION` for
 *   options or parts of the layer that are unknown, missing or wrong
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { foldBatchNorm } from '@netspace/prep';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * // y = (2x − 4) / √4 + 1 = x − 1
 * const { weight, bias } = foldBatchNorm(
 *   {
 *     weight: tf.tensor2d([[2]]),
 *     gamma: tf.tensor1d([1]),
 *     beta: tf.tensor1d([1]),
 *     mean: tf.tensor1d([4]),
 *     variance: tf.tensor1d([4]),
 *   },
 *   { epsilon: 0 },
 * );
 * console.log(await weight.array(), await bias.array()); // [ [ 1 ] ] [ -1 ]
 * ```
 * @see Ioffe, Szegedy, "Batch Normalization", arXiv:1502.03167
 */
export function foldBatchNorm(layer: NormalizedLayer, options: FoldBatchNormOptions = {}): { weight: tf.Tensor; bias: tf.Tensor1D } {
  const { epsilon } = parseOptions('foldBatchNorm', foldBatchNormOptions, options);
  const { weight, bias, gamma, beta, mean, variance } = parseOptions('foldBatchNorm: layer', normalizedLayer, layer);
  const channels = weight.shape.at(-1) ?? 1;
  for (const [name, tensor] of Object.entries({ bias, gamma, beta, mean, variance })) {
    if (tensor !== undefined && !equal(tensor.shape, [channels])) {
      throw new NetSpaceError(
        'SHAPE_MISMATCH',
        `foldBatchNorm: expected ${name} as [${channels}] for a weight of [${weight.shape}], got [${tensor.shape}]; the weight's last axis is the output channel`,
      );
    }
  }
  return tf.tidy(() => {
    const scale = tf.div(gamma, tf.sqrt(tf.add(variance, epsilon))); // [C]
    const centered = bias === undefined ? tf.neg(mean) : tf.sub(bias, mean);
    return { weight: tf.mul(weight, scale), bias: tf.add<tf.Tensor1D>(tf.mul(centered, scale), beta) };
  });
}
