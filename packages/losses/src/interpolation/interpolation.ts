import * as tf from '@tensorflow/tfjs-core';

import { extended, type GivenBy, parseOptions } from '@netspace/prep/internal';

import type { BoundaryPair } from './boundary-pairs.js';
import { interpolatedSamples, interpolateSamples, type InterpolatedSample } from './interpolated-samples.js';
import { networkInputs, runNetworks, teacherLogits } from '../networks/networks.js';
import {
  interpolationLossOptions,
  type InterpolationLossOptions,
  interpolationTerms,
  type NetworkTerms,
  refuseTeachersOptions,
} from './interpolation-terms.js';

/** See {@link InterpolationInputs}. */
export const interpolationInputs = extended(networkInputs, {
  /** Logits of the teacher on the shared batch of inputs, `[batch, classes]`; not needed with `distillation: false`. No gradient flows to it. */
  teacher: teacherLogits,
});

/** A batch of embeddings, the callbacks that decode and run them, and the targets of the loss. */
export interface InterpolationInputs extends GivenBy<typeof interpolationInputs> {}

/** The interpolated samples of a batch, S of them; entry s of each list belongs to row s of the embeddings. */
export type InterpolationSamples = {
  /** `(1 − γ) e^A + γ e^B`, `[S, E]`. */
  readonly embeddings: tf.Tensor2D;
  /** The two networks of the batch that each sample lies between. */
  readonly pairs: BoundaryPair[];
  /** The interpolation factor γ of each sample. */
  readonly gammas: number[];
  /** ClassId that each sample should decode to. */
  readonly targets: number[];
  /** ClassId of the architecture that ran each sample. */
  readonly predictedClassIds: number[];
};

/** Scalars in nats: the terms (7) to (9), their total (11), and the samples that they are of. */
export type InterpolationLoss = NetworkTerms & {
  readonly samples: InterpolationSamples;
};

/**
 * Interpolation loss: how badly the networks interpolated between two architectures solve their task.
 *
 * A boundary pair is a network of the smallest architecture and one of the largest. For each boundary pair of the batch and each factor of
 * the γ schedule (12), the embedding `(1 − γ) e^A + γ e^B` is decoded, and run as the architecture that the option `route` chooses. The
 * samples' ClassId (7), distillation (8) and cross-entropy (9) losses are summed and added up as `L^γ_class + α L^γ_kl + (1 − α) L^γ_ce`:
 * equation (11) with (10). All terms are 0 if the batch has no such pair.
 *
 * @param inputs embeddings `[B, E]`, ClassIds, callbacks, teacher logits `[batch, classes]` and labels `[batch]`
 * @returns scalars in nats and the samples; dispose of the scalars and of `samples.embeddings`, or call inside `tf.tidy`
 * @throws NetSpaceError `SHAPE_MISMATCH` if a callback yields another number of networks than it was given or shapes disagree;
 * `INVALID_OPTION` if an option or an input is unknown, missing, ignored or out of range, a ClassId is no architecture's, the teacher is missing, or decode yields
 * no class logits
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import * as tf from '@tensorflow/tfjs-core';
 * import { interpolationLoss } from '@netspace/losses';
 *
 * // A toy space of three architectures: the embedding is the PRep and the class logits at once.
 * const { classId, samples } = interpolationLoss({
 *   embeddings: tf.tensor2d([[2, 0, 0], [0, 0, 2]]),
 *   classIds: [0, 2],
 *   architectures: 3,
 *   decode: (e) => ({ preps: tf.reshape(e, [-1, 1, 3]) as tf.Tensor3D, classLogits: e }),
 *   forward: (preps) => tf.unstack(preps) as tf.Tensor2D[],
 *   teacher: tf.tensor2d([[1, 0, 0]]),
 *   labels: tf.tensor1d([0], 'int32'),
 * });
 * console.log(samples.gammas, samples.targets, await samples.embeddings.array()); // [ 0.5 ] [ 1 ] [ [ 1, 0, 1 ] ]
 * console.log((await classId.array()).toFixed(4), Math.log(1 + 2 * Math.E).toFixed(4)); // 1.8620 1.8620
 * ```
 */
export function interpolationLoss(inputs: InterpolationInputs, options: InterpolationLossOptions = {}): InterpolationLoss {
  const used = parseOptions('interpolationLoss', interpolationLossOptions, options);
  parseOptions('interpolationLoss: inputs', interpolationInputs, inputs);
  refuseTeachersOptions('interpolationLoss', options);
  const samples = interpolatedSamples(inputs.classIds, inputs.architectures);
  const targets = samples.map(({ target }) => target);
  const { embeddings, predictedClassIds, ...terms } = tf.tidy(() => {
    const interpolated = interpolateSamples(inputs.embeddings, samples);
    const run = runNetworks('interpolationLoss', inputs, interpolated, targets, used.route);
    const losses = interpolationTerms('interpolationLoss', run, targets, inputs, used);
    return { ...losses, embeddings: interpolated, predictedClassIds: run.predictedClassIds };
  });
  return { ...terms, samples: describeSamples(embeddings, samples, predictedClassIds) };
}

/** The samples as lists, one entry per row of their embeddings. */
export const describeSamples = (
  embeddings: tf.Tensor2D,
  samples: readonly InterpolatedSample[],
  predictedClassIds: number[],
): InterpolationSamples => ({
  embeddings,
  pairs: samples.map(({ smallest, largest }) => ({ smallest, largest })),
  gammas: samples.map(({ gamma }) => gamma),
  targets: samples.map(({ target }) => target),
  predictedClassIds,
});
