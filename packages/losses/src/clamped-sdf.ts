import { NetSpaceError } from '@netspace/prep';
import { type GivenBy, objectOf, parseOptions, positive, withDefault } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { requireSameShape } from './checks.js';
import { stopGradient } from './stop-gradient.js';

/** See {@link ClampedSdfLossOptions}. */
export const clampedSdfLossOptions = objectOf({
  /**
   * δ: distances count up to this value, in their own units.
   * @default 0.1
   */
  clamp: withDefault(positive, 0.1),
});

/** Options of {@link clampedSdfLoss}. */
export interface ClampedSdfLossOptions extends GivenBy<typeof clampedSdfLossOptions> {}

/**
 * DeepSDF's loss: how far the predicted shape's distances are from the target's near its surface. Far from it, distances say little about the
 * shape.
 *
 * `mean_bn |clamp(predicted_bn, δ) − clamp(target_bn, δ)|`, `clamp(x, δ) = min(δ, max(−δ, x))`. No gradient flows to the target, and
 * none to predicted values beyond ±δ.
 *
 * @param predicted values of the predicted networks, `[networks, points, 1]` (any shape)
 * @param target values of the target networks or of the mesh at the same points, same shape
 * @returns scalar, in units of the distances
 * @throws NetSpaceError `SHAPE_MISMATCH` if the shapes differ or are empty, `INVALID_OPTION` for options that are unknown or out of range
 * @see Park et al., "DeepSDF", CVPR 2019, equation (4)
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { clampedSdfLoss } from '@netspace/losses';
 *
 * const loss = clampedSdfLoss(tf.tensor1d([0, 5]), tf.tensor1d([0.5, 9]), { clamp: 1 }); // (0.5 + 0) / 2
 * console.log(await loss.array()); // 0.25
 * ```
 */
export function clampedSdfLoss(predicted: tf.Tensor, target: tf.Tensor, options: ClampedSdfLossOptions = {}): tf.Scalar {
  const { clamp } = parseOptions('clampedSdfLoss', clampedSdfLossOptions, options);
  requireSameShape('clampedSdfLoss', ['predicted values', 'target values'], predicted, target);
  if (predicted.size === 0) {
    throw new NetSpaceError('SHAPE_MISMATCH', `clampedSdfLoss: expected at least one value, got [${predicted.shape}]; pass some points`);
  }
  const clamped = (values: tf.Tensor): tf.Tensor => tf.clipByValue(values, -clamp, clamp);
  return tf.tidy(() => tf.mean(tf.abs(tf.sub(clamped(predicted), clamped(stopGradient(target))))));
}
