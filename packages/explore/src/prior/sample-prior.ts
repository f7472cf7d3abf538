import * as tf from '@tensorflow/tfjs-core';
import { NetSpaceError } from '@netspace/prep';
import { type GivenBy, objectOf, parseOptions, seed } from '@netspace/prep/internal';

import type { GaussianPrior, NeighborsPrior, Prior } from './prior.js';

/** See {@link SamplePriorOptions}. */
export const samplePriorOptions = objectOf({
  /** The same seed, prior and count give the same embeddings on every runtime, up to rounding. */
  seed,
});

/** Options of {@link samplePrior}. */
export interface SamplePriorOptions extends GivenBy<typeof samplePriorOptions> {}

/**
 * Draws embeddings of new networks from a fitted prior.
 *
 * `gaussian`: `mean + √(1 − λ) · Fᵀ z + √λ · σ ∘ z'` with standard normal z, z' and FᵀF = S, which has exactly the covariance
 * `(1 − λ) S + λ diag(S)` and needs no factorization. `neighbors`: `Σ_j w_j e_j` over a uniformly chosen embedding and its nearest ones, w
 * uniform on the simplex.
 *
 * Nothing is read back, so a prior that you made yourself is not checked. Those of `fitPrior` are finite.
 *
 * @param count how many embeddings to draw
 * @returns `[count, embedding]`, for `space.instantiate`
 * @throws NetSpaceError `INVALID_OPTION` if `count` is not a positive integer or `seed` not a non-negative one, `LIMIT_EXCEEDED` if the
 *   draw would take more than 1 GiB
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { fitPrior, samplePrior } from '@netspace/explore';
 *
 * const embeddings = tf.tensor2d([[0, 1], [1, 1], [2, 1]]);
 * const prior = await fitPrior(embeddings, { kind: 'neighbors', neighbors: 1 });
 * const drawn = samplePrior(prior, 5, { seed: 1 }); // for `space.instantiate`
 * console.log(drawn.shape); // [ 5, 2 ]
 * ```
 */
export function samplePrior(prior: Prior, count: number, options: SamplePriorOptions): tf.Tensor2D {
  const used = parseOptions('samplePrior', samplePriorOptions, options);
  if (!Number.isInteger(count) || count < 1) {
    throw new NetSpaceError('INVALID_OPTION', `samplePrior: expected a positive whole number of samples, got ${count}`);
  }
  const numbers = count * widthOf(prior);
  if (numbers > SAMPLE_LIMIT) {
    throw new NetSpaceError(
      'LIMIT_EXCEEDED',
      `samplePrior: expected at most ${Math.floor(SAMPLE_LIMIT / widthOf(prior))} samples of this prior at once, got ${count}; draw them in parts, each with a seed of its own`,
    );
  }
  return tf.tidy(() => (prior.kind === 'gaussian' ? sampleGaussian(prior, count, used.seed) : sampleNeighbors(prior, count, used.seed)));
}

/** Most numbers of one draw: 1 GiB in single precision. */
const SAMPLE_LIMIT = 2 ** 28;

/** Entries of the largest tensor that one sample needs. */
const widthOf = (prior: Prior): number =>
  prior.kind === 'gaussian' ? Math.max(...prior.factor.shape) : prior.neighbors.shape[1] * prior.embeddings.shape[1];

function sampleGaussian({ mean, factor, deviation, shrinkage }: GaussianPrior, count: number, seed: number): tf.Tensor2D {
  const [fitted, size] = factor.shape;
  const together = tf.matMul(tf.randomNormal([count, fitted], 0, 1, 'float32', streamSeed(seed, 0)) as tf.Tensor2D, factor); // [count, E]
  const apart = tf.mul(tf.randomNormal([count, size], 0, 1, 'float32', streamSeed(seed, 1)), deviation); // [count, E]
  const noise = tf.add(tf.mul(tf.sqrt(tf.sub(1, shrinkage)), together), tf.mul(tf.sqrt(shrinkage), apart));
  return tf.add(mean, noise);
}

function sampleNeighbors({ embeddings, neighbors }: NeighborsPrior, count: number, seed: number): tf.Tensor2D {
  const [fitted, mixed] = neighbors.shape;
  const place = tf.mul(tf.randomUniform([count], 0, 1, 'float32', streamSeed(seed, 0)), fitted);
  const chosen = tf.cast(tf.minimum(tf.floor(place), fitted - 1), 'int32'); // [count]
  // Exponential variables over their sum are uniform on the simplex.
  const exponentials = tf.neg(tf.log(tf.randomUniform([count, mixed], 1e-7, 1, 'float32', streamSeed(seed, 1))));
  const weights = tf.div(exponentials, tf.sum(exponentials, 1, true)); // [count, k + 1]
  const members = tf.gather(embeddings, tf.gather(neighbors, chosen)); // [count, k + 1, E]
  return tf.sum(tf.mul(tf.expandDims(weights, 2), members), 1);
}

// Two independent streams for each seed. A stream's seed is never 0, because tfjs reads 0 as "no seed".
const streamSeed = (seed: number, stream: 0 | 1): number => seed * 2 + stream + 1;
