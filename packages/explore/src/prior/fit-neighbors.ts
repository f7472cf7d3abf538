import * as tf from '@tensorflow/tfjs-core';

import type { NeighborsPrior } from './prior.js';

/** Finds each embedding's nearest ones by Euclidean distance. */
export function fitNeighbors(embeddings: tf.Tensor2D, neighbors: number): NeighborsPrior {
  const [count] = embeddings.shape;
  return tf.tidy(() => {
    const centered = tf.sub(embeddings, tf.mean(embeddings, 0)) as tf.Tensor2D; // smaller numbers, fewer digits lost below
    const products = tf.matMul(centered, centered, false, true); // [n, n]
    const squares = tf.sum(tf.square(centered), 1); // [n]
    // −|a − b|² without the row's own |a|², which does not change the order within a row. The infinite diagonal puts each embedding first.
    const nearness = tf.sub(tf.mul(2, products), squares);
    const self = tf.mul(tf.eye(count), tf.add(tf.mul(4, tf.max(squares)), 1));
    const { indices } = tf.topk(tf.add(nearness, self), neighbors + 1);
    return { kind: 'neighbors', embeddings: tf.clone(embeddings), neighbors: indices as tf.Tensor2D };
  });
}
