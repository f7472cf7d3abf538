import { nonNegative, objectOf, share, type UsedBy, withDefault } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { accuracyGapLoss } from './accuracy-gap.js';
import { requirePairs } from './checks.js';
import { distillationLoss, distillationLossOptions, divergences } from './distillation.js';
import { stopGradient } from './stop-gradient.js';

/** Options of the losses in which each predicted network imitates the network that was encoded. */
export const imitationOptions = objectOf({
  ...distillationLossOptions.entries,
  /**
   * Each network's term is divided by the variance v of its target's logits to this power, 0 to 1. The paper has 0. With 0, a poorly
   * trained target hardly counts, because its logits vary little, and its predicted network becomes better than the target. With 1, each
   * term is relative to its target: at high temperatures it is ½ for a student that answers the same for every input. If v then differs a
   * hundredfold among the targets, the logits of all predicted networks become as flat as those of the flattest target.
   * @default 0
   */
  relative: withDefault(share, 0),
  /**
   * Factor of `accuracyGapLoss`, which penalizes predicted networks that are right more often or less often than their targets. The paper
   * has 0.
   * @default 0
   */
  accuracyGap: withDefault(nonNegative, 0),
});

/**
 * The mean over networks of equation (1), each divided by `v^relative`, where v is the variance of the target's logits after their means
 * over classes and over inputs are taken out. To be called inside `tf.tidy`.
 */
export function imitationLoss(
  call: string,
  students: readonly tf.Tensor2D[],
  targets: readonly tf.Tensor2D[],
  { relative, temperature, squaredTemperature }: UsedBy<typeof imitationOptions>,
): tf.Scalar {
  requirePairs(call, students, targets);
  const options = { temperature, squaredTemperature };
  // All networks have equally many rows, so the mean over all rows is the mean of the networks' means.
  if (relative === 0) return distillationLoss(tf.concat([...students], 0), tf.concat([...targets], 0), options);
  const fixed = stopGradient(tf.stack([...targets])); // [K, B, C]
  const terms = divergences(tf.stack([...students]), fixed, options); // [K]: all networks at once, in as many operations as one
  return tf.mean<tf.Scalar>(tf.div(terms, tf.pow(logitVariances(fixed), relative)));
}

/** The accuracy gap as a term of a loss of several networks: `networks · accuracyGap · L_gap`. */
export function accuracyGapTerm(
  students: readonly tf.Tensor2D[],
  targets: readonly tf.Tensor2D[],
  labels: tf.Tensor1D | undefined,
  { accuracyGap, networks }: { readonly accuracyGap: number; readonly networks: number },
): tf.Scalar | undefined {
  if (accuracyGap === 0 || labels === undefined) return undefined;
  return tf.mul<tf.Scalar>(accuracyGapLoss(students, targets, labels), accuracyGap * networks);
}

/** Keeps the weight of a target with constant logits finite; units of logits, squared. */
const LEAST_VARIANCE = 1e-4;

/** Variance of each network's logits `[K, B, C]` after the mean of each input and of each class is taken out. This part tells inputs apart. */
function logitVariances(logits: tf.Tensor): tf.Tensor {
  const offClass = tf.sub(logits, tf.mean(logits, 2, true));
  const left = tf.sub(offClass, tf.mean(offClass, 1, true));
  return tf.maximum(tf.mean(tf.square(left), [1, 2]), LEAST_VARIANCE); // [K]
}
