import * as tf from '@tensorflow/tfjs-core';

import { requireAlpha } from './checks.js';
import { crossEntropyLoss } from './cross-entropy.js';
import { distillationLoss, type DistillationOptions } from './distillation.js';

export interface KnowledgeDistillationOptions extends DistillationOptions {
  /** Weight α of the teacher against the labels, 0..1. */
  readonly alpha?: number;
}

/**
 * Knowledge distillation with labels: learn from the teacher's opinion and a little from the truth.
 *
 * `α L_kl + (1 − α) L_ce`: equation (5) from (3) and (4). No gradient flows to the teacher.
 *
 * @param student logits of the predicted network, `[batch, classes]`
 * @param teacher logits of the teacher, `[batch, classes]`
 * @param labels class index of each row, `[batch]`, int32
 * @returns scalar, in nats
 * @throws NetSpaceError `SHAPE_MISMATCH` if shapes disagree, `INVALID_OPTION` if alpha is outside 0..1 or the temperature not positive
 */
export function knowledgeDistillationLoss(
  student: tf.Tensor2D,
  teacher: tf.Tensor2D,
  labels: tf.Tensor1D,
  { alpha = 0.9, ...distillation }: KnowledgeDistillationOptions = {},
): tf.Scalar {
  requireAlpha('knowledgeDistillationLoss', alpha);
  return tf.tidy(() =>
    tf.add(tf.mul(distillationLoss(student, teacher, distillation), alpha), tf.mul(crossEntropyLoss(student, labels), 1 - alpha)),
  );
}
