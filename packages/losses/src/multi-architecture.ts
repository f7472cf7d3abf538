import {
  flag,
  type GivenBy,
  nonNegative,
  objectOf,
  optional,
  parseOptions,
  refuseOptions,
  type UsedBy,
  withDefault,
} from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { requireClassIds } from './checks.js';
import { interpolatedSamples, interpolateSamples } from './interpolation/interpolated-samples.js';
import {
  interpolationLossOptions,
  interpolationTerms,
  type NetworkTerms,
  refuseTeachersOptions,
} from './interpolation/interpolation-terms.js';
import { describeSamples, interpolationInputs, type InterpolationInputs, type InterpolationLoss } from './interpolation/interpolation.js';
import { runNetworks, splitRun, type NetworkRun } from './networks/networks.js';

/** Factors of the terms in the totals; 1 unless given. */
export const termWeights = objectOf({ classId: optional(nonNegative), task: optional(nonNegative), interpolation: optional(nonNegative) });

/** See {@link MultiArchitectureLossOptions}. */
export const multiArchitectureLossOptions = objectOf({
  ...interpolationLossOptions.entries,
  /**
   * Whether interpolated samples are part of the loss. `false` is the paper's ablation.
   * @default true
   */
  interpolation: withDefault(flag, true),
  /**
   * Factors of the ClassId terms, the task terms (distillation and cross-entropy) and the interpolated samples in the totals.
   * @default { classId: 1, task: 1, interpolation: 1 }
   */
  weights: withDefault(termWeights, {}),
  /**
   * Whether decode and forward see the batch and its interpolated samples as one batch. Forward can then group more networks by
   * architecture. The result is exact for any decoder that treats rows independently. `false` calls both twice, with fewer rows each time.
   * @default true
   */
  oneBatch: withDefault(flag, true),
});

/** Options of {@link multiArchitectureLoss}. */
export interface MultiArchitectureLossOptions extends GivenBy<typeof multiArchitectureLossOptions> {}

/** Scalars in nats: the terms of the batch's own networks, and `total`, which is `base + w_i · interpolation.total`. */
export type MultiArchitectureLoss = NetworkTerms & {
  /** Weighted total of the batch's own networks; `classId`, `distillation` and `crossEntropy` are its terms. */
  readonly base: tf.Scalar;
  /** ClassId of the architecture that ran each network of the batch. */
  readonly predictedClassIds: number[];
  /** The interpolated samples' part; undefined with `interpolation: false`. */
  readonly interpolation: InterpolationLoss | undefined;
};

/**
 * Multi-architecture loss: how badly the decoded networks, and those interpolated between the smallest and the largest architecture, solve
 * their task.
 *
 * `Σ_b (L_class + α L_kl + (1 − α) L_ce)` of the batch, equations (3) to (6), plus the interpolation loss (11) of its boundary pairs. Both
 * are sums over networks, not means. Every decoded embedding is run as the architecture of its arg-max class (option `route`).
 *
 * @param inputs embeddings `[B, E]`, ClassIds, callbacks, teacher logits `[batch, classes]` and labels `[batch]`
 * @returns scalars in nats and the samples; dispose of them (`tf.dispose(loss)`), or call inside `tf.tidy`
 * @throws NetSpaceError `SHAPE_MISMATCH` if a callback yields another number of networks than it was given or shapes disagree;
 * `INVALID_OPTION` if an option or an input is unknown, missing, ignored or out of range, a ClassId is no architecture's, the teacher is
 * missing, or decode yields no class logits
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { multiArchitectureLoss } from '@netspace/losses';
 *
 * // A toy space of three architectures: the embedding is the PRep and the class logits at once.
 * const loss = multiArchitectureLoss({
 *   embeddings: tf.tensor2d([[1, 0, 0], [0, 0, 1]]),
 *   classIds: [0, 2],
 *   architectures: 3,
 *   decode: (e) => ({ preps: tf.reshape(e, [-1, 1, 3]) as tf.Tensor3D, classLogits: e }),
 *   forward: (preps) => tf.unstack(preps) as tf.Tensor2D[],
 *   teacher: tf.tensor2d([[1, 0, 0]]),
 *   labels: tf.tensor1d([0], 'int32'),
 * });
 * console.log(loss.predictedClassIds, loss.interpolation?.samples.targets); // [ 0, 2 ] [ 1 ]
 * console.log((await loss.classId.array()).toFixed(4), (2 * Math.log(1 + 2 / Math.E)).toFixed(4)); // 1.1029 1.1029
 * ```
 */
export function multiArchitectureLoss(inputs: InterpolationInputs, options: MultiArchitectureLossOptions = {}): MultiArchitectureLoss {
  const used = parseOptions(call, multiArchitectureLossOptions, options);
  parseOptions(`${call}: inputs`, interpolationInputs, inputs);
  refuseTeachersOptions(call, options);
  refuseUnusedWeight(call, used);
  const { interpolation, weights, oneBatch, route } = used;
  const { embeddings, classIds, architectures } = inputs;
  requireClassIds(call, classIds, architectures);
  const samples = interpolation ? interpolatedSamples(classIds, architectures) : [];
  const targets = samples.map(({ target }) => target);
  const { batch, between, interpolated, sampledClassIds } = tf.tidy(() => {
    const sampled = interpolateSamples(embeddings, samples);
    const run = (of: tf.Tensor2D, ids: readonly number[]): NetworkRun => runNetworks(call, inputs, of, ids, route);
    const [own, rest] =
      oneBatch && samples.length > 0
        ? splitRun(run(tf.concat([embeddings, sampled], 0), [...classIds, ...targets]), classIds.length)
        : [run(embeddings, classIds), run(sampled, targets)];
    const { total: base, ...terms } = interpolationTerms(call, own, classIds, inputs, used);
    const extra = interpolationTerms(call, rest, targets, inputs, used);
    const total: tf.Scalar = tf.add(base, tf.mul(extra.total, weights.interpolation ?? 1));
    return {
      batch: { ...terms, total, base, predictedClassIds: own.predictedClassIds },
      between: extra,
      interpolated: sampled,
      sampledClassIds: rest.predictedClassIds,
    };
  });
  if (!interpolation) {
    tf.dispose([between, interpolated]);
    return { ...batch, interpolation: undefined };
  }
  return { ...batch, interpolation: { ...between, samples: describeSamples(interpolated, samples, sampledClassIds) } };
}

/** Refuses a factor of a term that is left out. */
export function refuseUnusedWeight(
  caller: string,
  { interpolation, weights }: Pick<UsedBy<typeof multiArchitectureLossOptions>, 'interpolation' | 'weights'>,
): void {
  if (!interpolation)
    refuseOptions(caller, { 'weights.interpolation': weights.interpolation }, ['weights.interpolation'], 'without interpolation');
}

const call = 'multiArchitectureLoss';
