import { type GivenBy, objectOf, parseOptions, share, withDefault } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { crossEntropyLoss } from './cross-entropy.js';
import { distillationLoss, distillationLossOptions } from './distillation.js';

/** See {@link KnowledgeDistillationLossOptions}. */
export const knowledgeDistillationLossOptions = objectOf({
  ...distillationLossOptions.entries,
  /**
   * Weight α of the teacher, 0..1; the labels have 1 − α.
   * @default 0.9
   */
  alpha: withDefault(share, 0.9),
});

/** Options of {@link knowledgeDistillationLoss}. */
export interface KnowledgeDistillationLossOptions extends GivenBy<typeof knowledgeDistillationLossOptions> {}

/**
 * Knowledge distillation with labels: how far a network is from its teacher's predictions and, with less weight, from the labels.
 *
 * `α L_kl + (1 − α) L_ce`: equation (5) from (3) and (4). No gradient flows to the teacher.
 *
 * @param student logits of the predicted network, `[batch, classes]`
 * @param teacher logits of the teacher, `[batch, classes]`
 * @param labels class index of each row, `[batch]`, int32
 * @returns scalar, in nats
 * @throws NetSpaceError `SHAPE_MISMATCH` if shapes disagree, `INVALID_OPTION` for options that are unknown or out of range
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { knowledgeDistillationLoss } from '@netspace/losses';
 *
 * const [student, teacher, labels] = [tf.tensor2d([[0, 0]]), tf.tensor2d([[0, 0]]), tf.tensor1d([1], 'int32')];
 * const loss = knowledgeDistillationLoss(student, teacher, labels, { alpha: 0.5 }); // 0.5 · 0 + 0.5 · ln 2
 * console.log((await loss.array()).toFixed(4)); // 0.3466
 * ```
 */
export function knowledgeDistillationLoss(
  student: tf.Tensor2D,
  teacher: tf.Tensor2D,
  labels: tf.Tensor1D,
  options: KnowledgeDistillationLossOptions = {},
): tf.Scalar {
  const { alpha, ...distillation } = parseOptions('knowledgeDistillationLoss', knowledgeDistillationLossOptions, options);
  return tf.tidy(() =>
    tf.add(tf.mul(distillationLoss(student, teacher, distillation), alpha), tf.mul(crossEntropyLoss(student, labels), 1 - alpha)),
  );
}
