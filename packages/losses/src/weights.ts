import { NetSpaceError, type PRepShape } from '@netspace/prep';
import { count, type GivenBy, objectOf, optional, parseOptions, prepShape, thing } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

/** See {@link ElementWeightsOptions}. */
export const elementWeightsOptions = objectOf({
  /** Height and width of the PReps, `[H, W]`. */
  prepShape,
  /** Number of parameters of the architecture; the rest of a PRep is padding. */
  parameterCount: count,
  /**
   * Standard deviation σ of each element over a zoo, `[1, H, W]`: the deviation of a space's `normalization`.
   * @default 1 for each element
   */
  deviation: optional(thing<tf.Tensor>('a tensor [1, H, W]', ['shape', 'dtype'])),
});

/** Options of {@link elementWeights}. */
export interface ElementWeightsOptions extends GivenBy<typeof elementWeightsOptions> {}

/**
 * The weight of each element of a PRep in {@link weightsLoss}.
 *
 * `m / (σ² Σ m)`, m is 1 for elements that hold a parameter of the architecture and 0 for padding.
 *
 * @returns `[1, H, W]`; the same for all networks of an architecture, so that it is made once
 * @throws NetSpaceError `SHAPE_MISMATCH` if the PRep does not hold all parameters; `INVALID_OPTION` for options that are unknown or out of range
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { elementWeights } from '@netspace/losses';
 *
 * console.log(await elementWeights({ prepShape: [1, 4], parameterCount: 2 }).array()); // [ [ [ 0.5, 0.5, 0, 0 ] ] ]
 * ```
 */
export function elementWeights(options: ElementWeightsOptions): tf.Tensor3D {
  const { prepShape: shape, parameterCount, deviation } = parseOptions('elementWeights', elementWeightsOptions, options);
  const [height, width]: PRepShape = shape;
  if (parameterCount > height * width) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `elementWeights: expected at most ${height * width} parameters for ${height}×${width}, got ${parameterCount}; use a taller PRep`,
    );
  }
  return tf.tidy(() => {
    const places = tf.reshape(tf.range(0, height * width), [1, height, width]);
    const share = tf.div<tf.Tensor3D>(tf.cast(tf.less(places, parameterCount), 'float32'), parameterCount);
    return deviation === undefined ? share : tf.div<tf.Tensor3D>(share, tf.square(deviation));
  });
}

/**
 * Weights loss: how far predicted parameters are from their targets, number by number. The behavior of the networks plays no part.
 *
 * `mean_b Σ_i w_i (p_bi − t_bi)²`. With the weights of {@link elementWeights} this is the mean squared error over the parameters, without
 * padding. It is the loss of an auto-encoder of weights, the baseline for spaces that learn from behavior.
 *
 * @param predicted the decoded PReps, `[networks, H, W]`
 * @param target the PReps that were encoded, `[networks, H, W]`
 * @param weights `[1, H, W]`
 * @returns scalar, in squared units of the parameters
 * @throws NetSpaceError `SHAPE_MISMATCH` if the shapes disagree
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { elementWeights, weightsLoss } from '@netspace/losses';
 *
 * const weights = elementWeights({ prepShape: [1, 4], parameterCount: 3 }); // one element of padding
 * const loss = weightsLoss(tf.tensor3d([[[1, 2, 3, 9]]]), tf.tensor3d([[[1, 2, 0, 0]]]), weights); // (3 − 0)² / 3
 * console.log((await loss.array()).toFixed(4)); // 3.0000
 * ```
 */
export function weightsLoss(predicted: tf.Tensor3D, target: tf.Tensor3D, weights: tf.Tensor3D): tf.Scalar {
  const [networks, ...sides] = predicted.shape;
  if (!tf.util.arraysEqual(predicted.shape, target.shape) || !tf.util.arraysEqual([1, ...sides], weights.shape) || networks === 0) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `weightsLoss: expected targets as predictions, [networks, H, W], and weights [1, H, W], got [${predicted.shape}], [${target.shape}] and ` +
        `[${weights.shape}]; pass PReps of one shape`,
    );
  }
  return tf.tidy(() => tf.div(tf.sum(tf.mul(tf.squaredDifference(predicted, target), weights)), networks));
}
