import { NetSpaceError } from '@netspace/prep';
import { flag, functionOf, type GivenBy, objectOf, parseOptions, share, type UsedBy, withDefault } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { classIdLoss } from './class-id.js';
import { crossEntropyLoss } from './cross-entropy.js';
import { imitationLoss, imitationOptions, plusAccuracyGap } from './imitation.js';
import { interpolatedSamples, interpolateSamples } from './interpolation/interpolated-samples.js';
import type { NetworkTerms } from './interpolation/interpolation-terms.js';
import { refuseUnusedWeight, termWeights } from './multi-architecture.js';
import { type NetworkCallbacks, runNetworks } from './networks/networks.js';
import { type Route, routeByArgMax } from './networks/route.js';

export interface TargetDistillationInputs extends NetworkCallbacks {
  /** Embeddings of the batch of networks, `[B, E]`. */
  readonly embeddings: tf.Tensor2D;
  /** The ClassId of each network of the batch. */
  readonly classIds: readonly number[];
  /** How many architectures the space holds, A. */
  readonly architectures: number;
  /** Logits of each encoded network on the shared inputs, B × `[batch, classes]`. */
  readonly targets: readonly tf.Tensor2D[];
  /** Class index of each input, `[batch]`, int32. */
  readonly labels: tf.Tensor1D;
}

/** See {@link TargetDistillationLossOptions}. */
export const targetDistillationLossOptions = objectOf({
  ...imitationOptions.entries,
  /**
   * Weight α of the targets against the labels, 0..1.
   * @default 1
   */
  alpha: withDefault(share, 1),
  /** Factors of the terms in the totals; 1 unless given. */
  weights: withDefault(termWeights, {}),
  /**
   * `false` leaves the interpolated samples out.
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
export type TargetDistillationLoss = NetworkTerms & {
  /** The interpolated samples' part; undefined if there are none. */
  readonly interpolation: NetworkTerms | undefined;
};

/**
 * The multi-architecture loss where each predicted network imitates the network that was encoded, not one teacher: equations
 * (3) to (11) with the target's logits as the teacher's. The paper trains the multi-architecture space on good networks only, with
 * a teacher; imitating targets also places poor ones, as its single-architecture experiments do.
 *
 * A network between two targets imitates the same mix of both: teacher logits `(1 − γ) t^A + γ t^B`. Sums over networks. `relative` divides
 * each network's distillation by a power of its target's variance, and `accuracyGap` is added, as in `singleArchitectureLoss`.
 *
 * @returns scalars in nats; call inside `tf.tidy`
 * @throws NetSpaceError `SHAPE_MISMATCH` if a callback yields another number of networks than it was given or shapes disagree;
 * `INVALID_OPTION` if an option is unknown or out of range, a ClassId is no architecture's, or decode yields no class logits
 */
export function targetDistillationLoss(
  { embeddings, classIds, architectures, targets, labels, decode, forward }: TargetDistillationInputs,
  options: TargetDistillationLossOptions = {},
): TargetDistillationLoss {
  const used = parseOptions(call, targetDistillationLossOptions, options);
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
  const terms = (from: number, to: number): NetworkTerms =>
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
): NetworkTerms {
  const { alpha, weights, accuracyGap } = options;
  const networks = ids.length;
  const logits = tf.concat([...students], 0); // [networks · batch, classes]: one mean over all rows, times the number of networks
  const distillation = tf.mul<tf.Scalar>(imitationLoss(call, students, teachers, options), networks);
  const crossEntropy = tf.mul<tf.Scalar>(crossEntropyLoss(logits, tf.tile(labels, [networks])), networks);
  const classId = classIdLoss(classLogits, ids);
  const imitation = alpha === 1 ? distillation : tf.add<tf.Scalar>(tf.mul(distillation, alpha), tf.mul(crossEntropy, 1 - alpha));
  const task = plusAccuracyGap(imitation, students, teachers, labels, { accuracyGap, networks });
  const total = tf.add<tf.Scalar>(tf.mul(classId, weights.classId ?? 1), tf.mul(task, weights.task ?? 1));
  return { total, classId, distillation, crossEntropy };
}
