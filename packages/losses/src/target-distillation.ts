import { NetSpaceError } from '@netspace/prep';
import {
  extended,
  flag,
  functionOf,
  type GivenBy,
  objectOf,
  parseOptions,
  share,
  thing,
  type UsedBy,
  withDefault,
} from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { classIdLoss } from './class-id.js';
import { crossEntropyLoss } from './cross-entropy.js';
import { accuracyGapTerm, imitationLoss, imitationOptions } from './imitation.js';
import { interpolatedSamples, interpolateSamples } from './interpolation/interpolated-samples.js';
import type { NetworkTerms } from './interpolation/interpolation-terms.js';
import { refuseUnusedWeight, termWeights } from './multi-architecture.js';
import { networkInputs, runNetworks } from './networks/networks.js';
import { type Route, routeByArgMax } from './networks/route.js';

/** See {@link TargetDistillationInputs}. */
export const targetDistillationInputs = extended(networkInputs, {
  /** Logits of each encoded network on the shared inputs, B × `[batch, classes]`. */
  targets: thing<readonly tf.Tensor2D[]>('a list of tensors [batch, classes]', ['length']),
});

/** A batch of embeddings, the callbacks that decode and run them, and the logits of the networks that were encoded. */
export interface TargetDistillationInputs extends GivenBy<typeof targetDistillationInputs> {}

/** See {@link TargetDistillationLossOptions}. */
export const targetDistillationLossOptions = objectOf({
  ...imitationOptions.entries,
  /**
   * Weight α of the targets, 0..1; the labels have 1 − α.
   * @default 1
   */
  alpha: withDefault(share, 1),
  /**
   * Factors of the ClassId terms, the task terms (distillation and cross-entropy) and the interpolated samples in the totals.
   * @default { classId: 1, task: 1, interpolation: 1 }
   */
  weights: withDefault(termWeights, {}),
  /**
   * Whether interpolated samples are part of the loss.
   * @default true
   */
  interpolation: withDefault(flag, true),
  /**
   * How each decoded PRep's architecture is chosen.
   * @default routeByArgMax
   */
  route: withDefault(functionOf<Route>(), routeByArgMax),
});

/** Options of {@link targetDistillationLoss}. */
export interface TargetDistillationLossOptions extends GivenBy<typeof targetDistillationLossOptions> {}

/** Scalars in nats: the terms of the batch's own networks, with the interpolated samples in `total`. */
export type TargetDistillationLoss = ImitationTerms & {
  /** The interpolated samples' part; undefined if there are none. */
  readonly interpolation: ImitationTerms | undefined;
};

/** The terms of a loss, with the accuracy gap among them. */
export type ImitationTerms = NetworkTerms & {
  /** What the option `accuracyGap` adds to the task term, its factor included and summed over the networks; undefined where that is 0. */
  readonly accuracyGap: tf.Scalar | undefined;
};

/**
 * Multi-architecture loss without a teacher: how far predicted networks are from the networks that were encoded.
 *
 * Equations (3) to (11) with each target's logits in place of the teacher's, summed over networks. The paper trains its multi-architecture
 * space on good networks only, with a teacher. Imitating targets also places poor networks, as in its single-architecture experiments. A
 * network interpolated between two targets imitates the same mix of both: its teacher's logits are `(1 − γ) t^A + γ t^B`. The options
 * `relative` and `accuracyGap` do the same as in `singleArchitectureLoss`.
 *
 * @param inputs embeddings `[B, E]`, ClassIds, callbacks, target logits B × `[batch, classes]` and labels `[batch]`
 * @returns scalars in nats; call inside `tf.tidy`
 * @throws NetSpaceError `SHAPE_MISMATCH` if a callback yields another number of networks than it was given or shapes disagree;
 * `INVALID_OPTION` if an option or an input is unknown, missing or out of range, a ClassId is no architecture's, or decode yields no class logits
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { targetDistillationLoss } from '@netspace/losses';
 *
 * // A toy space of two architectures: the embedding is the PRep and the class logits at once. Both predictions equal their targets.
 * const loss = targetDistillationLoss({
 *   embeddings: tf.tensor2d([[1, 0], [0, 1]]),
 *   classIds: [0, 1],
 *   architectures: 2,
 *   decode: (e) => ({ preps: tf.reshape(e, [-1, 1, 2]) as tf.Tensor3D, classLogits: e }),
 *   forward: (preps) => tf.unstack(preps) as tf.Tensor2D[],
 *   targets: [tf.tensor2d([[1, 0]]), tf.tensor2d([[0, 1]])],
 *   labels: tf.tensor1d([0], 'int32'),
 * });
 * console.log(await loss.distillation.array()); // 0
 * console.log((await loss.total.array()).toFixed(4), (2 * Math.log(1 + 1 / Math.E)).toFixed(4)); // 0.6265 0.6265
 * ```
 */
export function targetDistillationLoss(
  inputs: TargetDistillationInputs,
  options: TargetDistillationLossOptions = {},
): TargetDistillationLoss {
  const used = parseOptions(call, targetDistillationLossOptions, options);
  const given = parseOptions(`${call}: inputs`, targetDistillationInputs, inputs);
  const { embeddings, classIds, architectures, targets, labels, decode, forward } = given;
  refuseUnusedWeight(call, used);
  requireTargets(targets, classIds);
  const samples = used.interpolation ? interpolatedSamples(classIds, architectures) : [];
  const ids = [...classIds, ...samples.map(({ target }) => target)];
  const all: tf.Tensor2D = samples.length === 0 ? embeddings : tf.concat([embeddings, interpolateSamples(embeddings, samples)], 0);
  const teachers = [
    ...targets,
    ...samples.map(({ smallest, largest, gamma }) =>
      tf.add<tf.Tensor2D>(tf.mul(targets[smallest]!, 1 - gamma), tf.mul(targets[largest]!, gamma)),
    ),
  ];
  const { classLogits, logits: students } = runNetworks(call, { decode, forward }, all, ids, used.route);
  const own = classIds.length;
  const terms = (from: number, to: number): ImitationTerms =>
    termsOf(
      tf.slice(classLogits, [from, 0], [to - from, -1]),
      ids.slice(from, to),
      students.slice(from, to),
      teachers.slice(from, to),
      labels,
      used,
    );
  const base = terms(0, own);
  if (samples.length === 0) return { ...base, interpolation: undefined };
  const between = terms(own, ids.length);
  return { ...base, total: tf.add(base.total, tf.mul(between.total, used.weights.interpolation ?? 1)), interpolation: between };
}

const call = 'targetDistillationLoss';

function requireTargets(targets: readonly tf.Tensor2D[], classIds: readonly number[]): void {
  if (targets.length === classIds.length) return;
  throw new NetSpaceError('SHAPE_MISMATCH', `${call}: expected ${classIds.length} targets, got ${targets.length}; pass one per network`);
}

function termsOf(
  classLogits: tf.Tensor2D,
  ids: readonly number[],
  students: readonly tf.Tensor2D[],
  teachers: readonly tf.Tensor2D[],
  labels: tf.Tensor1D,
  options: UsedBy<typeof targetDistillationLossOptions>,
): ImitationTerms {
  const { alpha, weights, accuracyGap } = options;
  const networks = ids.length;
  const logits = tf.concat([...students], 0); // [networks · batch, classes]: one mean over all rows, times the number of networks
  const distillation = tf.mul<tf.Scalar>(imitationLoss(call, students, teachers, options), networks);
  const crossEntropy = tf.mul<tf.Scalar>(crossEntropyLoss(logits, tf.tile(labels, [networks])), networks);
  const classId = classIdLoss(classLogits, ids);
  const imitation = alpha === 1 ? distillation : tf.add<tf.Scalar>(tf.mul(distillation, alpha), tf.mul(crossEntropy, 1 - alpha));
  const gap = accuracyGapTerm(students, teachers, labels, { accuracyGap, networks });
  const task = gap === undefined ? imitation : tf.add<tf.Scalar>(imitation, gap);
  const total = tf.add<tf.Scalar>(tf.mul(classId, weights.classId ?? 1), tf.mul(task, weights.task ?? 1));
  return { total, classId, distillation, crossEntropy, accuracyGap: gap };
}
