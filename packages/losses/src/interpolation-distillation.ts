import * as tf from '@tensorflow/tfjs-core';

import { requireSameShape, requireTemperature } from './checks.js';
import type { DistillationOptions } from './distillation.js';
import { divergenceFactor, summedDivergence } from './divergence.js';

/**
 * Distillation loss of several networks that share one teacher, such as those of the interpolated samples.
 *
 * `Σ_s L_kl(student_s, teacher)` with `L_kl` of equation (3): equation (8), summed over the samples. No gradient flows to the teacher.
 *
 * @param students logits of each network on one batch of inputs, S × `[batch, classes]`; none gives 0
 * @param teacher logits of the teacher on the same inputs, `[batch, classes]`
 * @returns scalar, in nats
 * @throws NetSpaceError `SHAPE_MISMATCH` if a student's shape is not the teacher's, `INVALID_OPTION` if the temperature is not positive
 */
export function interpolationDistillationLoss(
  students: readonly tf.Tensor2D[],
  teacher: tf.Tensor2D,
  { temperature = 4, squaredTemperature = true }: DistillationOptions = {},
): tf.Scalar {
  requireTemperature('interpolationDistillationLoss', temperature);
  for (const student of students) {
    requireSameShape('interpolationDistillationLoss', ['student logits', 'teacher logits'], student, teacher);
  }
  if (students.length === 0) return tf.scalar(0);
  const factor = divergenceFactor(temperature, squaredTemperature, teacher.shape[0]);
  return tf.tidy(() => summedDivergence(tf.stack([...students]), teacher, temperature, factor)); // stacked to [S, B, C]
}
