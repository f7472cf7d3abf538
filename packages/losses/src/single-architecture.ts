import * as tf from '@tensorflow/tfjs-core';

import { NetSpaceError } from '@netspace/prep';

import { requirePairs } from './checks.js';
import { distillationLoss, type DistillationOptions } from './distillation.js';
import { stopGradient } from './stop-gradient.js';

export interface SingleArchitectureOptions extends DistillationOptions {
  /**
   * Divides each network's term by this power, 0 to 1, of the variance v of its target's logits. 1 makes it a share of what the target says
   * (at high temperature half of it: ½ for a student that says the same of every image). Equation (1) alone weighs errors of a poorly
   * trained network, whose outputs are flat, next to nothing, and predicted networks then come out better than their targets; with 1, where
   * flatness varies a hundredfold, all come out as flat as the flattest. The paper has 0.
   */
  readonly relative?: number;
}

/**
 * Single-architecture loss: how far the predicted networks of a batch are from the networks that were encoded, on average.
 *
 * `mean_k L_pred(student_k, target_k)` with `L_pred` of equation (1), or `mean_k L_pred(student_k, target_k) / v_k^relative`, where
 * v is the target's logits' variance after their means over classes and over inputs are taken out. No gradient flows to the targets.
 *
 * @param students logits of each predicted network on one batch of inputs, K × `[batch, classes]`
 * @param targets logits of each encoded network on the same inputs, K × `[batch, classes]`
 * @returns scalar, in nats
 * @throws NetSpaceError `SHAPE_MISMATCH` if the lists are empty or differ in length, or any two logits differ in shape; `INVALID_OPTION` if
 * the temperature is not positive or `relative` is not between 0 and 1
 */
export function singleArchitectureLoss(
  students: readonly tf.Tensor2D[],
  targets: readonly tf.Tensor2D[],
  { relative = 0, ...options }: SingleArchitectureOptions = {},
): tf.Scalar {
  requirePairs('singleArchitectureLoss', students, targets);
  if (!(relative >= 0 && relative <= 1)) {
    throw new NetSpaceError('INVALID_OPTION', `singleArchitectureLoss: expected relative from 0 to 1, got ${relative}`);
  }
  if (relative > 0) {
    return tf.tidy(() => {
      const terms = students.map((student, k) =>
        tf.div(distillationLoss(student, targets[k]!, options), tf.pow(logitVariance(targets[k]!), relative)),
      );
      return tf.div(tf.addN(terms), terms.length) as tf.Scalar;
    });
  }
  // Batches are equally long, so the mean over all rows is the mean over networks of each one's mean.
  return tf.tidy(() => distillationLoss(tf.concat([...students], 0), tf.concat([...targets], 0), options));
}

/** Keeps a target that says nothing at all from counting infinitely; units of logits, squared. */
const LEAST_VARIANCE = 1e-4;

/** Variance of what is left of logits without each input's and each class's mean: what tells inputs apart. */
function logitVariance(logits: tf.Tensor2D): tf.Tensor {
  const fixed = stopGradient(logits); // [B, C]
  const offClass = tf.sub(fixed, tf.mean(fixed, 1, true));
  const left = tf.sub(offClass, tf.mean(offClass, 0, true));
  return tf.maximum(tf.mean(tf.square(left)), LEAST_VARIANCE);
}
