import * as tf from '@tensorflow/tfjs-core';

import { NetSpaceError } from '@netspace/prep';

import { requireSameShape } from './checks.js';
import { stopGradient } from './stop-gradient.js';

/**
 * Mean squared error of a network's outputs: how far they are from those of its target, or from the numbers of a data set.
 *
 * `mean (predicted − target)²` over all inputs and outputs. No gradient flows to the target.
 *
 * @param predicted outputs of any shape
 * @param target the outputs wanted, same shape
 * @returns scalar, in squared units of the outputs
 * @throws NetSpaceError `SHAPE_MISMATCH` if the shapes differ or are empty
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { squaredErrorLoss } from '@netspace/losses';
 *
 * console.log(await squaredErrorLoss(tf.tensor2d([[1, 2]]), tf.tensor2d([[1, 4]])).array()); // 2
 * ```
 */
export function squaredErrorLoss(predicted: tf.Tensor, target: tf.Tensor): tf.Scalar {
  requireSameShape('squaredErrorLoss', ['predicted outputs', 'target outputs'], predicted, target);
  requireSome('squaredErrorLoss', predicted);
  return tf.tidy(() => tf.mean(tf.squaredDifference(predicted, stopGradient(target))));
}

/**
 * How far a network's occupancy is from that of its target: the Kullback–Leibler divergence of "inside" and "outside" at each point.
 *
 * `mean_b Σ_o p_o (log p_o − log q_o)` over o = inside, outside, p = sigmoid(target), q = sigmoid(predicted): cross-entropy, less what the
 * target is itself undecided, so that it is zero for equal networks. No gradient flows to the target.
 *
 * @param predicted logits of "inside", of any shape
 * @param target logits of the target, same shape
 * @returns scalar, in nats
 * @throws NetSpaceError `SHAPE_MISMATCH` if the shapes differ or are empty
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { occupancyLoss } from '@netspace/losses';
 *
 * const loss = occupancyLoss(tf.tensor2d([[0]]), tf.tensor2d([[100]])); // undecided where the target is certain
 * console.log(Math.abs((await loss.array()) - Math.log(2)) < 1e-6); // true
 * ```
 * @see Mescheder et al., "Occupancy Networks", arXiv:1812.03828
 */
export function occupancyLoss(predicted: tf.Tensor, target: tf.Tensor): tf.Scalar {
  requireSameShape('occupancyLoss', ['predicted logits', 'target logits'], predicted, target);
  requireSome('occupancyLoss', predicted);
  return tf.tidy(() => {
    const logits = stopGradient(target);
    const inside = tf.sigmoid(logits);
    const crossEntropy = (of: tf.Tensor): tf.Tensor => tf.sub(tf.softplus(of), tf.mul(inside, of));
    return tf.mean(tf.sub(crossEntropy(predicted), crossEntropy(logits)));
  });
}

function requireSome(caller: string, { size, shape }: tf.Tensor): void {
  if (size > 0) return;
  throw new NetSpaceError('SHAPE_MISMATCH', `${caller}: expected at least one value, got [${shape}]; pass some inputs`);
}
