import { NetSpaceError } from '@netspace/prep';
import type * as tf from '@tensorflow/tfjs-core';

import { fitGaussian } from './fit-gaussian.js';
import { fitNeighbors } from './fit-neighbors.js';
import type { GaussianPrior, NeighborsPrior, Prior } from './prior.js';

export interface GaussianPriorOptions {
  readonly kind: 'gaussian';
  /**
   * Pulls the covariance towards its diagonal: 0 keeps the sample covariance (new embeddings stay in the span of the fitted ones, as with
   * PCA), 1 makes coordinates independent, `auto` estimates the value of least expected error from the embeddings. In [0, 1].
   */
  readonly shrinkage?: number | 'auto';
}

export interface NeighborsPriorOptions {
  readonly kind: 'neighbors';
  /** How many nearest embeddings to mix with each; an integer in [1, n − 1]. */
  readonly neighbors?: number;
}

export type PriorOptions = GaussianPriorOptions | NeighborsPriorOptions;

/**
 * Fits the region of the space in which the networks of a zoo lie, so that `samplePrior` can draw new networks from it.
 *
 * `gaussian`: `N(mean, (1 − λ) S + λ diag(S))` with the sample covariance S and the shrinkage λ; `neighbors`: random convex mixtures of an
 * embedding and its k nearest ones (Euclidean distance), for zoos whose embeddings form clusters or bent surfaces.
 *
 * @param embeddings of a zoo, `[n, embedding]`, n ≥ 2; any n, also far fewer than the embedding's size
 * @returns tensors that `tf.dispose(prior)` frees
 * @throws NetSpaceError `SHAPE_MISMATCH` if `embeddings` is not a matrix of at least two rows, `INVALID_OPTION` if an option is out of range
 * @see Schäfer, Strimmer, "A shrinkage approach to large-scale covariance matrix estimation", 2005 (the automatic λ)
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { fitPrior } from '@netspace/explore';
 *
 * const embeddings = tf.tensor2d([[0, 0], [2, 4]]); // of a zoo: `space.encode(instances)`
 * const prior = fitPrior(embeddings, { kind: 'gaussian' });
 * console.log(await prior.mean.array()); // [ 1, 2 ]
 * tf.dispose(prior);
 * ```
 */
export function fitPrior(embeddings: tf.Tensor2D, options: GaussianPriorOptions): GaussianPrior;
export function fitPrior(embeddings: tf.Tensor2D, options: NeighborsPriorOptions): NeighborsPrior;
export function fitPrior(embeddings: tf.Tensor2D, options: PriorOptions): Prior;
export function fitPrior(embeddings: tf.Tensor2D, options: PriorOptions): Prior {
  const [count] = embeddings.shape;
  if ((embeddings.rank as number) !== 2 || count < 2) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `fitPrior: expected embeddings [n, E] of at least two networks, got [${embeddings.shape}]; encode them in one batch or tf.concat them`,
    );
  }
  if (options.kind === 'gaussian') {
    const { shrinkage = 'auto' } = options;
    if (shrinkage !== 'auto' && !(shrinkage >= 0 && shrinkage <= 1)) {
      throw new NetSpaceError('INVALID_OPTION', `fitPrior: expected a shrinkage in [0, 1] or 'auto', got ${shrinkage}`);
    }
    return fitGaussian(embeddings, shrinkage);
  }
  const { neighbors = Math.min(5, count - 1) } = options;
  if (!Number.isInteger(neighbors) || neighbors < 1 || neighbors >= count) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `fitPrior: expected neighbors to be an integer from 1 to ${count - 1} for ${count} embeddings, got ${neighbors}`,
    );
  }
  return fitNeighbors(embeddings, neighbors);
}
