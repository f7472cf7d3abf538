import * as tf from '@tensorflow/tfjs-core';

import { requireSameShape, requireTemperature } from './checks.js';
import { divergenceFactor, summedDivergence } from './divergence.js';

export interface DistillationOptions {
  /** Softmax temperature T; higher looks more at the wrong classes. Dimensionless, > 0. */
  readonly temperature?: number;
  /** `false` leaves out the factor T², as one of the latent space searches of the authors' code does. */
  readonly squaredTemperature?: boolean;
}

/**
 * Knowledge-distillation loss: how far a network's predictions are from its teacher's.
 *
 * `T² · mean_b Σ_c p_bc · (log p_bc − log q_bc)`, p = softmax(teacher / T), q = softmax(student / T): equation (1), with the network that
 * was encoded as the teacher, and (3), with one fixed teacher. T² keeps gradients of the same size whatever T is. No gradient flows to the
 * teacher.
 *
 * @param student logits of the predicted network, `[batch, classes]`
 * @param teacher logits of the target or teacher network, `[batch, classes]`
 * @returns scalar, in nats
 * @throws NetSpaceError `SHAPE_MISMATCH` if the shapes differ, `INVALID_OPTION` if the temperature is not positive
 * @see Hinton, Vinyals, Dean, "Distilling the Knowledge in a Neural Network", arXiv:1503.02531
 */
export function distillationLoss(
  student: tf.Tensor2D,
  teacher: tf.Tensor2D,
  { temperature = 4, squaredTemperature = true }: DistillationOptions = {},
): tf.Scalar {
  requireSameShape('distillationLoss', ['student logits', 'teacher logits'], student, teacher);
  requireTemperature('distillationLoss', temperature);
  const factor = divergenceFactor(temperature, squaredTemperature, student.shape[0]);
  return tf.tidy(() => summedDivergence(student, teacher, temperature, factor));
}
