import * as tf from '@tensorflow/tfjs-core';

import { NetSpaceError } from '@netspace/prep';

import { requireSameShape } from './checks.js';
import { stopGradient } from './stop-gradient.js';

/**
 * Signed-distance regression loss: how far the predicted shape's distances are from the target's at the same points.
 *
 * `mean_bn (predicted_bn − target_bn)²`: equation (2). No gradient flows to the target.
 *
 * @param predicted values of the predicted networks, `[networks, points, 1]` (any shape)
 * @param target values of the target networks or of the mesh at the same points, same shape
 * @returns scalar, in squared units of the distances
 * @throws NetSpaceError `SHAPE_MISMATCH` if the shapes differ or are empty
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { sdfLoss } from '@netspace/losses';
 *
 * const loss = sdfLoss(tf.tensor3d([[[1], [2]]]), tf.tensor3d([[[1], [4]]])); // (0² + 2²) / 2
 * console.log(await loss.array()); // 2
 * ```
 */
export function sdfLoss(predicted: tf.Tensor, target: tf.Tensor): tf.Scalar {
  requireSameShape('sdfLoss', ['predicted values', 'target values'], predicted, target);
  if (predicted.size === 0) {
    throw new NetSpaceError('SHAPE_MISMATCH', `sdfLoss: expected at least one value, got [${predicted.shape}]; pass some points`);
  }
  return tf.tidy(() => tf.mean(tf.squaredDifference(predicted, stopGradient(target))));
}

/**
 * The same for each of several networks, whose losses are apart.
 *
 * @param predicted `[networks, points, 1]`
 * @param target same shape
 * @returns `[networks]`
 */
export const eachSdfLoss = (predicted: tf.Tensor, target: tf.Tensor): tf.Tensor1D =>
  tf.tidy(() => tf.mean<tf.Tensor1D>(tf.squaredDifference(predicted, stopGradient(target)), [1, 2]));
