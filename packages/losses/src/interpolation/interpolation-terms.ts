import { NetSpaceError } from '@netspace/prep';
import { flag, functionOf, type GivenBy, nonNegative, objectOf, optional, refuseOptions, type UsedBy, withDefault } from '@netspace/prep/internal'; // prettier-ignore
import * as tf from '@tensorflow/tfjs-core';

import { classIdLoss } from '../class-id.js';
import { summedCrossEntropy } from '../cross-entropy.js';
import { summedDistillation } from '../distillation.js';
import { knowledgeDistillationLossOptions } from '../knowledge-distillation.js';
import type { NetworkRun } from '../networks/networks.js';
import { type Route, routeByArgMax } from '../networks/route.js';

/** See {@link InterpolationLossOptions}. */
export const interpolationLossOptions = objectOf({
  ...knowledgeDistillationLossOptions.entries,
  /**
   * Whether networks learn from a teacher. `false` learns from the labels alone, α = 0, as in the paper's ablation; the teacher's options
   * are then refused.
   * @default true
   */
  distillation: withDefault(flag, true),
  /**
   * Factors of the ClassId terms and of the task terms (distillation and cross-entropy) in the totals.
   * @default { classId: 1, task: 1 }
   */
  weights: withDefault(objectOf({ classId: optional(nonNegative), task: optional(nonNegative) }), {}),
  /**
   * How each decoded PRep's architecture is chosen.
   * @default routeByArgMax
   */
  route: withDefault(functionOf<Route>(), routeByArgMax),
});

/** Options of `interpolationLoss`. */
export interface InterpolationLossOptions extends GivenBy<typeof interpolationLossOptions> {}

/** The teacher and the labels that networks are compared with. */
export interface NetworkTargets {
  /**
   * Logits of the teacher on the shared batch of inputs, `[batch, classes]`; not needed with `distillation: false`. No gradient flows to
   * it.
   */
  readonly teacher?: tf.Tensor2D | undefined;
  /** Class index of each input, `[batch]`, int32. */
  readonly labels: tf.Tensor1D;
}

/** The terms of a loss, unweighted and summed over the networks, and their weighted total; scalars in nats. */
// Results are type aliases with mutable lists: `tf.tidy` and `tf.dispose` accept neither interfaces nor readonly arrays.
export type NetworkTerms = {
  /** `w_c L_class + w_t (α L_kl + (1 − α) L_ce)` */
  readonly total: tf.Scalar;
  /** `L_class`: equation (6), or (7) for interpolated samples. */
  readonly classId: tf.Scalar;
  /** `L_kl`: equation (3), or (8) for interpolated samples; 0 without distillation. */
  readonly distillation: tf.Scalar;
  /** `L_ce`: equation (4), or (9) for interpolated samples. */
  readonly crossEntropy: tf.Scalar;
};

/** Refuses options that would be ignored: the teacher's options if no network learns from a teacher. */
export function refuseTeachersOptions(call: string, options: InterpolationLossOptions): void {
  if (options.distillation !== false) return;
  refuseOptions(call, { ...options }, ['alpha', 'temperature', 'squaredTemperature'], 'without distillation');
}

/**
 * Equations (7) to (11) for the interpolated samples s of a batch, to be called inside `tf.tidy`. For the batch's own networks the same
 * sums are (6), (3), (4) and (5).
 *
 * @param run the class logits of each sample, `[S, A]`, and the logits of its network for the inputs, S × `[batch, classes]`
 * @param targets the ClassId `c^γ = (1 − γ) · 0 + γ (A − 1)` of each sample
 */
export function interpolationTerms(
  call: string,
  { classLogits, logits }: Pick<NetworkRun, 'classLogits' | 'logits'>,
  targets: readonly number[],
  { teacher, labels }: NetworkTargets,
  { alpha, distillation: distil, weights, temperature, squaredTemperature }: Omit<UsedBy<typeof interpolationLossOptions>, 'route'>,
): NetworkTerms {
  if (distil && teacher === undefined) {
    throw new NetSpaceError('INVALID_OPTION', `${call}: expected teacher logits, got none; pass them or set distillation: false`);
  }
  // (7)  L^γ_class = Σ_s −log softmax(classLogits_s)[c^γ_s]
  const classId = targets.length === 0 ? tf.scalar(0) : classIdLoss(classLogits, targets);
  // (8)  L^γ_kl = Σ_s L_kl(logits_s, teacher)
  const distillation =
    distil && teacher !== undefined ? summedDistillation(call, logits, teacher, { temperature, squaredTemperature }) : tf.scalar(0);
  // (9)  L^γ_ce = Σ_s L_ce(logits_s, labels)
  const crossEntropy = summedCrossEntropy(call, logits, labels);
  // (10) L^γ_task = α L^γ_kl + (1 − α) L^γ_ce
  const teaching = distil ? alpha : 0;
  const task = tf.add(tf.mul(distillation, teaching), tf.mul(crossEntropy, 1 - teaching));
  // (11) L^γ = w_c L^γ_class + w_t L^γ_task, both factors 1 in the paper
  const total: tf.Scalar = tf.add(tf.mul(classId, weights.classId ?? 1), tf.mul(task, weights.task ?? 1));
  return { total, classId, distillation, crossEntropy };
}
