import type * as tf from '@tensorflow/tfjs-core';

// These are aliases, not interfaces, because tf.tidy and tf.dispose accept only aliases as containers.

/** A normal distribution over embeddings; `tf.dispose(prior)` frees it. */
export type GaussianPrior = {
  readonly kind: 'gaussian';
  /** `[embedding]` */
  readonly mean: tf.Tensor1D;
  /** The fitted embeddings minus their mean, over `√(n − 1)`: a square root of the sample covariance. `[n, embedding]` */
  readonly factor: tf.Tensor2D;
  /** Standard deviation of each coordinate. `[embedding]` */
  readonly deviation: tf.Tensor1D;
  /**
   * The shrinkage λ, by which the covariance is pulled towards its diagonal: 0 is the sample covariance, 1 has independent coordinates.
   * `[]`
   */
  readonly shrinkage: tf.Scalar;
};

/** Mixtures of an embedding and its nearest neighbors; `tf.dispose(prior)` frees it. */
export type NeighborsPrior = {
  readonly kind: 'neighbors';
  /** `[n, embedding]` */
  readonly embeddings: tf.Tensor2D;
  /** Rows of `embeddings`: each embedding itself, then its nearest ones. int32 `[n, 1 + neighbors]` */
  readonly neighbors: tf.Tensor2D;
};

/** A distribution of the embeddings of a zoo, from which new embeddings are drawn. */
export type Prior = GaussianPrior | NeighborsPrior;
