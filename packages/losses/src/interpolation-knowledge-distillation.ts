import * as tf from '@tensorflow/tfjs-core';

import { requireAlpha } from './checks.js';
import { interpolationCrossEntropyLoss } from './interpolation-cross-entropy.js';
import { interpolationDistillationLoss } from './interpolation-distillation.js';
import type { KnowledgeDistillationOptions } from './knowledge-distillation.js';

/**
 * Knowledge distillation with labels of several networks that share one teacher, such as those of the interpolated samples.
 *
 * `α L^γ_kl + (1 − α) L^γ_ce`: equation (10) from (8) and (9), summed over the samples. No gradient flows to the teacher.
 *
 * @param students logits of each network on one batch of inputs, S × `[batch, classes]`; none gives 0
 * @param teacher logits of the teacher on the same inputs, `[batch, classes]`
 * @param labels class index of each input, `[batch]`, int32
 * @returns scalar, in nats
 * @throws NetSpaceError `SHAPE_MISMATCH` if shapes disagree, `INVALID_OPTION` if alpha is outside 0..1 or the temperature not positive
 */
export function interpolationKnowledgeDistillationLoss(
  students: readonly tf.Tensor2D[],
  teacher: tf.Tensor2D,
  labels: tf.Tensor1D,
  { alpha = 0.9, ...distillation }: KnowledgeDistillationOptions = {},
): tf.Scalar {
  requireAlpha('interpolationKnowledgeDistillationLoss', alpha);
  return tf.tidy(() =>
    tf.add(
      tf.mul(interpolationDistillationLoss(students, teacher, distillation), alpha),
      tf.mul(interpolationCrossEntropyLoss(students, labels), 1 - alpha),
    ),
  );
}
