import * as tf from '@tensorflow/tfjs-core';

import { NetSpaceError } from '@netspace/prep';

import { requireSameShape } from './checks.js';
import { distillationLoss, type DistillationOptions } from './distillation.js';

/**
 * Single-architecture loss: how far the predicted networks of a batch are from the networks that were encoded, on average.
 *
 * `mean_k L_pred(student_k, target_k)` with `L_pred` of equation (1). No gradient flows to the targets.
 *
 * @param students logits of each predicted network on one batch of inputs, K × `[batch, classes]`
 * @param targets logits of each encoded network on the same inputs, K × `[batch, classes]`
 * @returns scalar, in nats
 * @throws NetSpaceError `SHAPE_MISMATCH` if the lists are empty or differ in length, or any two logits differ in shape; `INVALID_OPTION` if
 * the temperature is not positive
 */
export function singleArchitectureLoss(
  students: readonly tf.Tensor2D[],
  targets: readonly tf.Tensor2D[],
  options: DistillationOptions = {},
): tf.Scalar {
  const [first] = students;
  if (first === undefined || students.length !== targets.length) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `singleArchitectureLoss: expected one target per student and at least one, got ${students.length} students and ${targets.length} targets`,
    );
  }
  for (const logits of [...students, ...targets]) {
    requireSameShape('singleArchitectureLoss', ['the first logits', 'other logits'], first, logits);
  }
  // Batches are equally long, so the mean over all rows is the mean over networks of each one's mean.
  return tf.tidy(() => distillationLoss(tf.concat([...students], 0), tf.concat([...targets], 0), options));
}
