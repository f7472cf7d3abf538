import { type GivenBy, objectOf, parseOptions, positive, withDefault } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { requireLabels, requirePairs } from './checks.js';
import { oneHot } from './one-hot.js';
import { stopGradient } from './stop-gradient.js';

/** See {@link AccuracyGapLossOptions}. */
export const accuracyGapLossOptions = objectOf({
  /**
   * Softmax temperature T, in units of a network's own logits, > 0. A low one comes close to accuracy, but few inputs then have a gradient.
   * @default 0.1
   */
  temperature: withDefault(positive, 0.1),
});

/** Options of {@link accuracyGapLoss}. */
export interface AccuracyGapLossOptions extends GivenBy<typeof accuracyGapLossOptions> {}

/**
 * How much better or worse predicted networks classify than the networks that were encoded, squared, on average.
 *
 * `mean_k (a(student_k) − a(target_k))²` with `a(z) = mean_b softmax(z_b / (T s))[label_b]`, a smooth accuracy. s is the root mean square
 * of the logits z after each input's mean is taken out. It makes the accuracy independent of how confident a network is.
 *
 * With equation (1) alone, predicted networks are more accurate than poor targets: they learn what many targets have in common, and not
 * the errors of each one. This loss is not in the paper. No gradient flows to the targets.
 *
 * @param students logits of each predicted network on one batch of inputs, K × `[batch, classes]`
 * @param targets logits of each encoded network on the same inputs, K × `[batch, classes]`
 * @param labels class index of each input, `[batch]`, int32 in 0..classes-1
 * @returns scalar in [0, 1]
 * @throws NetSpaceError `SHAPE_MISMATCH` if the lists are empty or differ in length, any two logits differ in shape, or there is not one
 * label per input; `INVALID_OPTION` for options that are unknown or out of range
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { accuracyGapLoss } from '@netspace/losses';
 *
 * const [right, wrong] = [tf.tensor2d([[9, 0]]), tf.tensor2d([[0, 9]])]; // accuracies 1 and 0
 * const loss = accuracyGapLoss([wrong], [right], tf.tensor1d([0], 'int32'));
 * console.log((await loss.array()).toFixed(4)); // 1.0000
 * ```
 */
export function accuracyGapLoss(
  students: readonly tf.Tensor2D[],
  targets: readonly tf.Tensor2D[],
  labels: tf.Tensor1D,
  options: AccuracyGapLossOptions = {},
): tf.Scalar {
  const { temperature } = parseOptions('accuracyGapLoss', accuracyGapLossOptions, options);
  const first = requirePairs('accuracyGapLoss', students, targets);
  requireLabels('accuracyGapLoss', first, labels);
  return tf.tidy(() => {
    const right = oneHot(labels, first.shape[1]); // [B, C]
    const soft = (networks: readonly tf.Tensor2D[]): tf.Tensor =>
      softAccuracies(tf.stack([...networks]) as tf.Tensor3D, right, temperature);
    return tf.mean<tf.Scalar>(tf.square(tf.sub(soft(students), stopGradient(soft(targets)))));
  });
}

/** Prevents a division by zero for a network with equal logits for all classes; units of logits, squared. */
const LEAST_VARIANCE = 1e-8;

/** `[K]` of logits `[K, B, C]`. */
function softAccuracies(logits: tf.Tensor3D, right: tf.Tensor, temperature: number): tf.Tensor {
  const centered = tf.sub(logits, tf.mean(logits, 2, true));
  const variance = tf.mean(tf.square(centered), [1, 2], true); // [K, 1, 1]
  const scaled = tf.div(centered, tf.mul(tf.sqrt(tf.maximum(variance, LEAST_VARIANCE)), temperature));
  return tf.mean(tf.sum(tf.mul(tf.softmax(scaled), right), 2), 1); // [K]
}
