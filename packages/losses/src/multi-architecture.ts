import * as tf from '@tensorflow/tfjs-core';

import { requireClassIds } from './checks.js';
import { interpolatedSamples, interpolateSamples } from './interpolated-samples.js';
import { describeSamples, type InterpolationInputs, type InterpolationLoss } from './interpolation.js';
import { networkTerms, type NetworkLossOptions, type NetworkTerms } from './network-terms.js';
import { runNetworks, splitRun, type NetworkRun } from './networks.js';

export interface MultiArchitectureOptions extends NetworkLossOptions {
  /** `false` leaves the interpolated samples out: the paper's ablation. */
  readonly interpolation?: boolean;
  /** Factors of the terms in the totals; 1 unless given. */
  readonly weights?: { readonly classId?: number; readonly task?: number; readonly interpolation?: number };
  /**
   * `true` hands the batch and its interpolated samples to decode and forward as one batch, which is exact for any decoder that treats rows
   * independently and lets forward group networks by architecture; `false` calls them twice, for decoders that cannot take that many rows.
   */
  readonly oneBatch?: boolean;
}

/** Scalars in nats: the terms of the batch's own networks, and `total`, which is `base + w_i · interpolation.total`. */
export type MultiArchitectureLoss = NetworkTerms & {
  /** Weighted total of the batch's own networks; `classId`, `distillation` and `crossEntropy` are its terms. */
  readonly base: tf.Scalar;
  /** ClassId that each network of the batch was run as. */
  readonly predictedClassIds: number[];
  /** The interpolated samples' part; undefined with `interpolation: false`. */
  readonly interpolation: InterpolationLoss | undefined;
};

/**
 * Multi-architecture loss: how badly the decoded networks, and those between the smallest and the largest architecture, do their job.
 *
 * `Σ_b (L_class + α L_kl + (1 − α) L_ce)` of the batch, equations (3) to (6), plus the interpolation loss (11) of its boundary pairs. Both
 * are sums over networks, not means. Every decoded embedding is run as the architecture of its arg-max class (option `route`).
 *
 * @param inputs embeddings `[B, E]`, ClassIds, callbacks, teacher logits `[batch, classes]` and labels `[batch]`
 * @returns scalars in nats and the samples; dispose of them (`tf.dispose(loss)`), or call inside `tf.tidy`
 * @throws NetSpaceError `SHAPE_MISMATCH` if a callback yields another number of networks than it was given or shapes disagree;
 * `INVALID_OPTION` if an option or a ClassId is out of range, the teacher is missing, or decode yields no class logits
 */
export function multiArchitectureLoss(inputs: InterpolationInputs, options: MultiArchitectureOptions = {}): MultiArchitectureLoss {
  const { interpolation = true, weights = {}, oneBatch = true, route } = options;
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
    const { total: base, ...terms } = networkTerms(call, own, classIds, inputs, options);
    const extra = networkTerms(call, rest, targets, inputs, options);
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

const call = 'multiArchitectureLoss';
