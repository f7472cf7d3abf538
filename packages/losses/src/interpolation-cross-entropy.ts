import * as tf from '@tensorflow/tfjs-core';

import { requireLabels, requireSameShape } from './checks.js';
import { summedCrossEntropy } from './cross-entropy.js';

/**
 * Cross-entropy of several networks on the same labels, such as those of the interpolated samples.
 *
 * `Σ_s L_ce(student_s, labels)` with `L_ce` of equation (4): equation (9), summed over the samples.
 *
 * @param students logits of each network on one batch of inputs, S × `[batch, classes]`; none gives 0
 * @param labels class index of each input, `[batch]`, int32 (not range-checked)
 * @returns scalar, in nats
 * @throws NetSpaceError `SHAPE_MISMATCH` if the students' shapes differ or there is not one label per row
 */
export function interpolationCrossEntropyLoss(students: readonly tf.Tensor2D[], labels: tf.Tensor1D): tf.Scalar {
  const [first] = students;
  if (first === undefined) return tf.scalar(0);
  requireLabels('interpolationCrossEntropyLoss', first, labels);
  for (const student of students) {
    requireSameShape('interpolationCrossEntropyLoss', ['the first logits', 'other logits'], first, student);
  }
  return tf.tidy(() => tf.div(summedCrossEntropy(tf.stack([...students]), labels), first.shape[0])); // stacked to [S, B, C]
}
