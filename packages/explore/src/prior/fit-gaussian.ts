import * as tf from '@tensorflow/tfjs-core';

import type { GaussianPrior } from './prior.js';

/** Mean, square root of the covariance and shrinkage; no matrix of the embedding's size squared is ever built. */
export function fitGaussian(embeddings: tf.Tensor2D, shrinkage: number | 'auto'): GaussianPrior {
  const [count] = embeddings.shape;
  return tf.tidy(() => {
    const mean = tf.mean(embeddings, 0) as tf.Tensor1D; // [E]
    const centered = tf.sub(embeddings, mean); // [n, E]
    const factor = tf.div(centered, Math.sqrt(count - 1)) as tf.Tensor2D;
    const deviation = tf.sqrt(tf.sum(tf.square(factor), 0)) as tf.Tensor1D; // [E]
    return {
      kind: 'gaussian',
      mean,
      factor,
      deviation,
      shrinkage: shrinkage === 'auto' ? automaticShrinkage(factor, deviation) : tf.scalar(shrinkage),
    };
  });
}

/**
 * Schäfer and Strimmer's λ for the diagonal target: `Σ_{i≠j} Var(r_ij) / Σ_{i≠j} r_ij²`, clipped to [0, 1], with the sample correlations r.
 *
 * With the standardised rows x_k / √(n−1) as rows of Z: r = ZᵀZ, so `Σ_ij r_ij² = ‖ZZᵀ‖²` (n × n instead of E × E), and
 * `Var(r_ij) = n / (n−1) · Σ_k (z_ki z_kj − r_ij / n)²`, whose sum over all i, j is `n / (n−1) · (Σ_k |z_k|⁴ − ‖ZZᵀ‖² / n)`.
 */
function automaticShrinkage(factor: tf.Tensor2D, deviation: tf.Tensor1D): tf.Scalar {
  const [count] = factor.shape;
  const z = tf.divNoNan(factor, deviation) as tf.Tensor2D; // [n, E]; a constant coordinate has no correlations
  const all = tf.sum(tf.square(tf.matMul(z, z, false, true)));
  const squares = tf.square(z);
  const diagonal = tf.sum(tf.square(tf.sum(squares, 0))); // r_ii² is 1, or 0 for a constant coordinate
  const fourth = tf.sum(tf.square(tf.sum(squares, 1)));
  const fourthDiagonal = tf.sum(tf.square(squares));
  const scale = count / (count - 1);
  const variance = tf.mul(scale, tf.sub(tf.sub(fourth, fourthDiagonal), tf.div(tf.sub(all, diagonal), count)));
  const squared = tf.sub(all, diagonal);
  return tf.clipByValue(tf.divNoNan(variance, squared), 0, 1) as tf.Scalar;
}
