import { NetSpaceError } from '@netspace/prep';
import { byKind, checkFiniteTensors, count, type GivenBy, objectOf, oneOf, optional, parseOptions, valueOf, withDefault } from '@netspace/prep/internal'; // prettier-ignore
import type * as tf from '@tensorflow/tfjs-core';

import { fitGaussian } from './fit-gaussian.js';
import { fitNeighbors } from './fit-neighbors.js';
import type { GaussianPrior, NeighborsPrior, Prior } from './prior.js';

const gaussian = objectOf({
  /** One Gaussian. */
  kind: oneOf(['gaussian']),
  /**
   * Pulls the covariance towards its diagonal: 0 keeps the sample covariance (new embeddings stay in the span of the fitted ones, as with
   * PCA), 1 makes coordinates independent, `auto` estimates the value of least expected error from the embeddings. In [0, 1].
   * @default 'auto'
   */
  shrinkage: withDefault(
    valueOf<number | 'auto'>(
      "a number in [0, 1] or 'auto'",
      (value) => value === 'auto' || (typeof value === 'number' && value >= 0 && value <= 1),
    ),
    'auto',
  ),
});
const neighbors = objectOf({
  /** Mixtures of near embeddings. */
  kind: oneOf(['neighbors']),
  /**
   * How many nearest embeddings to mix with each; an integer in [1, n − 1].
   * @default 5, or n − 1 if that is less
   */
  neighbors: optional(count),
});

/** Options of {@link fitPrior} for a Gaussian. */
export interface GaussianPriorOptions extends GivenBy<typeof gaussian> {}

/** Options of {@link fitPrior} for mixtures of neighbors. */
export interface NeighborsPriorOptions extends GivenBy<typeof neighbors> {}

/** Options of {@link fitPrior}. */
export type PriorOptions = GaussianPriorOptions | NeighborsPriorOptions;

/** See {@link PriorOptions}. */
export const fitPriorOptions = byKind('kind', { gaussian, neighbors });

/**
 * Fits the region of the space in which the networks of a zoo lie, so that `samplePrior` can draw new networks from it.
 *
 * `gaussian`: `N(mean, (1 − λ) S + λ diag(S))` with the sample covariance S and the shrinkage λ; `neighbors`: random convex mixtures of an
 * embedding and its k nearest ones (Euclidean distance), for zoos whose embeddings form clusters or bent surfaces.
 *
 * @param embeddings of a zoo, `[n, embedding]`, n ≥ 2; any n, also far fewer than the embedding's size
 * @returns tensors that `tf.dispose(prior)` frees
 * @throws NetSpaceError `SHAPE_MISMATCH` if `embeddings` is not a matrix of at least two rows, `INVALID_OPTION` for options that are
 * unknown or out of range, or if an embedding holds NaN or infinity, naming row and column
 * @see Schäfer, Strimmer, "A shrinkage approach to large-scale covariance matrix estimation", 2005 (the automatic λ)
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { fitPrior } from '@netspace/explore';
 *
 * const embeddings = tf.tensor2d([[0, 0], [2, 4]]); // of a zoo: `space.encode(instances)`
 * const prior = await fitPrior(embeddings, { kind: 'gaussian' });
 * console.log(await prior.mean.array()); // [ 1, 2 ]
 * tf.dispose(prior);
 * ```
 */
export function fitPrior(embeddings: tf.Tensor2D, options: GaussianPriorOptions): Promise<GaussianPrior>;
export function fitPrior(embeddings: tf.Tensor2D, options: NeighborsPriorOptions): Promise<NeighborsPrior>;
export function fitPrior(embeddings: tf.Tensor2D, options: PriorOptions): Promise<Prior>;
export async function fitPrior(embeddings: tf.Tensor2D, options: PriorOptions): Promise<Prior> {
  const used = parseOptions('fitPrior', fitPriorOptions, options);
  const [size] = embeddings.shape;
  if ((embeddings.rank as number) !== 2 || size < 2) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `fitPrior: expected embeddings [n, E] of at least two networks, got [${embeddings.shape}]; encode them in one batch or tf.concat them`,
    );
  }
  await checkFiniteTensors('fitPrior', [['embeddings', embeddings]]); // one would make every sample NaN
  if (used.kind === 'gaussian') return fitGaussian(embeddings, used.shrinkage);
  const { neighbors: mixed = Math.min(5, size - 1) } = used;
  if (mixed >= size) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `fitPrior: expected neighbors to be an integer from 1 to ${size - 1} for ${size} embeddings, got ${mixed}`,
    );
  }
  return fitNeighbors(embeddings, mixed);
}
