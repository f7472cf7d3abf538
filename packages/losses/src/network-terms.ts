import * as tf from '@tensorflow/tfjs-core';

import { NetSpaceError } from '@netspace/prep';

import { requireAlpha } from './checks.js';
import { classIdLoss } from './class-id.js';
import { interpolationCrossEntropyLoss } from './interpolation-cross-entropy.js';
import { interpolationDistillationLoss } from './interpolation-distillation.js';
import type { KnowledgeDistillationOptions } from './knowledge-distillation.js';
import type { NetworkRun } from './networks.js';
import type { Route } from './route.js';

/** Options of the losses over several architectures. */
export interface NetworkLossOptions extends KnowledgeDistillationOptions {
  /** `false` learns from the labels alone (α = 0; the teacher is not needed): the paper's ablation. */
  readonly distillation?: boolean;
  /** Factors of the ClassId terms and of the task terms (distillation and cross-entropy) in the totals; 1 unless given. */
  readonly weights?: { readonly classId?: number; readonly task?: number };
  /** How each decoded PRep's architecture is chosen. */
  readonly route?: Route;
}

/** What the networks are compared with. */
export interface NetworkTargets {
  /** Logits of the teacher on the shared batch of inputs, `[batch, classes]`; no gradient flows to it. */
  readonly teacher?: tf.Tensor2D | undefined;
  /** Class index of each input, `[batch]`, int32. */
  readonly labels: tf.Tensor1D;
}

/** The terms, unweighted and summed over the networks, and their weighted total. */
// Results are type aliases with mutable lists: `tf.tidy` and `tf.dispose` accept neither interfaces nor readonly arrays.
export type NetworkTerms = {
  /** `w_c L_class + w_t (α L_kl + (1 − α) L_ce)` */
  readonly total: tf.Scalar;
  readonly classId: tf.Scalar;
  /** 0 without distillation. */
  readonly distillation: tf.Scalar;
  readonly crossEntropy: tf.Scalar;
};

/** The loss terms of some networks after their run, to be called inside `tf.tidy`. */
export function networkTerms(
  call: string,
  { classLogits, logits }: Pick<NetworkRun, 'classLogits' | 'logits'>,
  targets: readonly number[],
  { teacher, labels }: NetworkTargets,
  { alpha = 0.9, distillation: distil = true, weights = {}, temperature = 4, squaredTemperature = true }: NetworkLossOptions,
): NetworkTerms {
  requireAlpha(call, alpha);
  if (distil && teacher === undefined) {
    throw new NetSpaceError('INVALID_OPTION', `${call}: expected teacher logits, got none; pass them or set distillation: false`);
  }
  const classId = targets.length === 0 ? tf.scalar(0) : classIdLoss(classLogits, targets);
  const crossEntropy = interpolationCrossEntropyLoss(logits, labels);
  const distillation =
    distil && teacher !== undefined ? interpolationDistillationLoss(logits, teacher, { temperature, squaredTemperature }) : tf.scalar(0);
  const teaching = distil ? alpha : 0;
  const task = tf.add(tf.mul(distillation, teaching), tf.mul(crossEntropy, 1 - teaching));
  const total: tf.Scalar = tf.add(tf.mul(classId, weights.classId ?? 1), tf.mul(task, weights.task ?? 1));
  return { total, classId, distillation, crossEntropy };
}
