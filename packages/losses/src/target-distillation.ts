import { accuracyGapLoss } from './accuracy-gap.js';
import { classIdLoss } from './class-id.js';
import { crossEntropyLoss } from './cross-entropy.js';
import { interpolatedSamples, interpolateSamples } from './interpolated-samples.js';
import { singleArchitectureLoss, type SingleArchitectureOptions } from './single-architecture.js';
import { type NetworkCallbacks } from './networks.js';
import { type Route } from './route.js';
import { NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

export interface TargetDistillationInputs extends NetworkCallbacks {
  /** `[B, E]` */
  readonly embeddings: tf.Tensor2D;
  readonly classIds: readonly number[];
  readonly architectures: number;
  /** Logits of each encoded network on the shared images, B × `[batch, classes]`. */
  readonly targets: readonly tf.Tensor2D[];
  /** `[batch]`, int32 */
  readonly labels: tf.Tensor1D;
}

export interface TargetDistillationOptions extends SingleArchitectureOptions {
  /** Factor of `accuracyGapLoss`, which joins distillation and cross-entropy in the total. */
  readonly accuracyGap?: number;
  readonly alpha: number;
  readonly weights: { readonly classId?: number; readonly task?: number; readonly interpolation?: number };
  readonly interpolation: boolean;
  readonly route: Route;
}

/** The terms of some networks, unweighted and summed over them, and their weighted total. */
type Terms = {
  readonly total: tf.Scalar;
  readonly classId: tf.Scalar;
  readonly distillation: tf.Scalar;
  readonly crossEntropy: tf.Scalar;
};

/**
 * The multi-architecture loss where each predicted network imitates the network that was encoded, not one teacher: equations
 * (3) to (11) with the target's logits as the teacher's. The paper trains the multi-architecture space on good networks only, with
 * a teacher; imitating targets also places poor ones, as its single-architecture experiments do.
 *
 * A network between two targets imitates the same mix of both: teacher logits `(1 − γ) t^A + γ t^B`. Sums over networks. `relative` divides
 * each network's distillation by a power of its teacher's variance, as in `singleArchitectureLoss`.
 *
 * @returns scalars in nats; call inside `tf.tidy`
 */
export function targetDistillationLoss(
  { embeddings, classIds, architectures, targets, labels, decode, forward }: TargetDistillationInputs,
  options: TargetDistillationOptions,
): Terms & { readonly interpolation: Terms | undefined } {
  const samples = options.interpolation ? interpolatedSamples(classIds, architectures) : [];
  const ids = [...classIds, ...samples.map(({ target }) => target)];
  const all: tf.Tensor2D = samples.length === 0 ? embeddings : tf.concat([embeddings, interpolateSamples(embeddings, samples)], 0);
  const teachers = [
    ...targets,
    ...samples.map(({ smallest, largest, gamma }) =>
      tf.add<tf.Tensor2D>(tf.mul(targets[smallest]!, 1 - gamma), tf.mul(targets[largest]!, gamma)),
    ),
  ];
  const { preps, classLogits } = decode(all, ids);
  if (classLogits === undefined) {
    throw new NetSpaceError('INVALID_OPTION', 'targetDistillationLoss: expected class logits from decode, got none; use a class head');
  }
  const students = forward(preps, options.route(classLogits, ids));
  const own = classIds.length;
  const terms = (from: number, to: number): Terms =>
    termsOf(
      tf.slice(classLogits, [from, 0], [to - from, -1]),
      ids.slice(from, to),
      students.slice(from, to),
      teachers.slice(from, to),
      labels,
      options,
    );
  const base = terms(0, own);
  if (samples.length === 0) return { ...base, interpolation: undefined };
  const between = terms(own, ids.length);
  return { ...base, total: tf.add(base.total, tf.mul(between.total, options.weights.interpolation ?? 1)), interpolation: between };
}

function termsOf(
  classLogits: tf.Tensor2D,
  ids: readonly number[],
  students: readonly tf.Tensor2D[],
  teachers: readonly tf.Tensor2D[],
  labels: tf.Tensor1D,
  { alpha, weights, accuracyGap = 0, ...distilling }: TargetDistillationOptions,
): Terms {
  const networks = ids.length;
  const logits = tf.concat([...students], 0); // [networks · batch, classes]: one mean over all rows, times the number of networks
  const distillation = tf.mul<tf.Scalar>(singleArchitectureLoss(students, teachers, distilling), networks);
  const crossEntropy = tf.mul<tf.Scalar>(crossEntropyLoss(logits, tf.tile(labels, [networks])), networks);
  const classId = classIdLoss(classLogits, ids);
  const imitation = alpha === 1 ? distillation : tf.add<tf.Scalar>(tf.mul(distillation, alpha), tf.mul(crossEntropy, 1 - alpha));
  const task =
    accuracyGap === 0
      ? imitation
      : tf.add<tf.Scalar>(imitation, tf.mul(accuracyGapLoss(students, teachers, labels), accuracyGap * networks));
  const total = tf.add<tf.Scalar>(tf.mul(classId, weights.classId ?? 1), tf.mul(task, weights.task ?? 1));
  return { total, classId, distillation, crossEntropy };
}
