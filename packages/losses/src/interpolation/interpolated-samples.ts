import * as tf from '@tensorflow/tfjs-core';

import { NetSpaceError } from '@netspace/prep';

import { boundaryPairs, type BoundaryPair } from './boundary-pairs.js';
import { gammaSchedule } from './gamma-schedule.js';

/** Where one interpolated embedding comes from and which architecture it should decode to. */
export interface InterpolatedSample extends BoundaryPair {
  readonly gamma: number;
  /** ClassId `c^γ = (1 − γ) · 0 + γ (A − 1)`. */
  readonly target: number;
}

/**
 * The interpolated samples of a batch: for each pair of boundary instances, one per factor of the γ schedule.
 *
 * @param classIds the ClassId of each network of the batch
 * @param architectures how many architectures the space holds, A
 * @returns pairs in order, and within each the factors ascending
 * @throws NetSpaceError `INVALID_OPTION` if A is not a positive integer or a ClassId is not in 0..A-1
 */
export function interpolatedSamples(classIds: readonly number[], architectures: number): InterpolatedSample[] {
  const gammas = gammaSchedule(architectures);
  return boundaryPairs(classIds, architectures).flatMap((pair) => gammas.map((gamma, index) => ({ ...pair, gamma, target: index + 1 })));
}

/**
 * The embeddings of interpolated samples, `e^γ = (1 − γ) e^A + γ e^B`, A of the smallest and B of the largest architecture.
 *
 * @param embeddings of the batch, `[B, E]`
 * @param samples batch indices and factors, S of them
 * @returns `[S, E]`, differentiable in the embeddings
 * @throws NetSpaceError `SHAPE_MISMATCH` if a sample's index is outside the batch
 */
export function interpolateSamples(embeddings: tf.Tensor2D, samples: readonly (BoundaryPair & { readonly gamma: number })[]): tf.Tensor2D {
  const [batch, size] = embeddings.shape;
  for (const { smallest, largest } of samples) {
    if (smallest < batch && largest < batch) continue;
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `interpolateSamples: expected indices below ${batch}, got ${smallest} and ${largest}; pass the embeddings of the whole batch`,
    );
  }
  if (samples.length === 0) return tf.zeros([0, size]);
  return tf.tidy(() => {
    // Not a matrix product, which some GPUs round to 10 bits.
    const rows = tf.unstack(embeddings);
    return tf.stack(
      samples.map(({ smallest, largest, gamma }) => tf.add(tf.mul(rows[smallest]!, 1 - gamma), tf.mul(rows[largest]!, gamma))),
    ) as tf.Tensor2D; // [S, E]
  });
}
