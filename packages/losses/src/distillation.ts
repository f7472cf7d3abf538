import { flag, type GivenBy, objectOf, parseOptions, positive, type UsedBy, withDefault } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { requireSameShape } from './checks.js';
import { stopGradient } from './stop-gradient.js';

/** See {@link DistillationLossOptions}. */
export const distillationLossOptions = objectOf({
  /**
   * Softmax temperature T, dimensionless, > 0. A high one gives more weight to the differences among improbable classes.
   * @default 4
   */
  temperature: withDefault(positive, 4),
  /**
   * Whether the loss has the factor T². One of the latent space searches of the authors' code leaves it out.
   * @default true
   */
  squaredTemperature: withDefault(flag, true),
});

/** Options of {@link distillationLoss}. */
export interface DistillationLossOptions extends GivenBy<typeof distillationLossOptions> {}

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
 * @throws NetSpaceError `SHAPE_MISMATCH` if the shapes differ, `INVALID_OPTION` for options that are unknown or out of range
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { distillationLoss } from '@netspace/losses';
 *
 * const [student, teacher] = [tf.tensor2d([[0, 0]]), tf.tensor2d([[1000, 0]])]; // undecided between two classes, and certain: ln 2
 * console.log((await distillationLoss(student, teacher, { temperature: 1 }).array()).toFixed(4)); // 0.6931
 * ```
 * @see Hinton, Vinyals, Dean, "Distilling the Knowledge in a Neural Network", arXiv:1503.02531
 */
export function distillationLoss(student: tf.Tensor2D, teacher: tf.Tensor2D, options: DistillationLossOptions = {}): tf.Scalar {
  const used = parseOptions('distillationLoss', distillationLossOptions, options);
  requireSameShape('distillationLoss', ['student logits', 'teacher logits'], student, teacher);
  return tf.tidy(() => divergence(student, teacher, used));
}

/**
 * The distillation losses of several networks that share one teacher, summed: `Σ_s L_kl(student_s, teacher)`; 0 for no network.
 *
 * @param students logits of each network, S × `[batch, classes]`
 * @param teacher `[batch, classes]`
 */
export function summedDistillation(
  call: string,
  students: readonly tf.Tensor2D[],
  teacher: tf.Tensor2D,
  options: UsedBy<typeof distillationLossOptions>,
): tf.Scalar {
  for (const student of students) requireSameShape(call, ['student logits', 'teacher logits'], student, teacher);
  if (students.length === 0) return tf.scalar(0);
  return tf.tidy(() => divergence(tf.stack([...students]), teacher, options)); // stacked to [S, B, C]
}

/** `T² / batch · Σ_c p_c (log p_c − log q_c)`, summed over every row and every network; students `[..., batch, classes]`. */
const divergence = (students: tf.Tensor, teacher: tf.Tensor2D, options: UsedBy<typeof distillationLossOptions>): tf.Scalar =>
  tf.mul(tf.sum(relativeEntropies(students, teacher, options)), factorOf(teacher, options));

/** The distillation loss of each network, `[K]`; students and their teachers are `[K, batch, classes]`. To be called inside `tf.tidy`. */
export const divergences = (students: tf.Tensor, teachers: tf.Tensor, options: UsedBy<typeof distillationLossOptions>): tf.Tensor =>
  tf.mul(tf.sum(relativeEntropies(students, teachers, options), [1, 2]), factorOf(teachers, options));

/** `p_c (log p_c − log q_c)` */
function relativeEntropies(students: tf.Tensor, teachers: tf.Tensor, { temperature }: UsedBy<typeof distillationLossOptions>): tf.Tensor {
  const logP = tf.logSoftmax(tf.div(stopGradient(teachers), temperature));
  const logQ = tf.logSoftmax(tf.div(students, temperature));
  return tf.mul(tf.exp(logP), tf.sub(logP, logQ));
}

/** `T² / batch` of teachers `[..., batch, classes]` */
const factorOf = (teachers: tf.Tensor, { temperature, squaredTemperature }: UsedBy<typeof distillationLossOptions>): number =>
  (squaredTemperature ? temperature ** 2 : 1) / teachers.shape.at(-2)!;
