import * as tf from '@tensorflow/tfjs-core';

import type { NeighboursPrior } from './prior.js';

/** Finds each embedding's nearest ones by Euclidean distance. */
export function fitNeighbours(embeddings: tf.Tensor2D, neighbours: number): NeighboursPrior {
  const [count] = embeddings.shape;
  return tf.tidy(() => {
    const centred = tf.sub(embeddings, tf.mean(embeddings, 0)) as tf.Tensor2D; // smaller numbers, fewer digits lost below
    const products = tf.matMul(centred, centred, false, true); // [n, n]
    const squares = tf.sum(tf.square(centred), 1); // [n]
    // −|a − b|² up to the row's own |a|², which does not change a row's order; the infinite diagonal puts each embedding first.
    const nearness = tf.sub(tf.mul(2, products), squares);
    const self = tf.mul(tf.eye(count), tf.add(tf.mul(4, tf.max(squares)), 1));
    const { indices } = tf.topk(tf.add(nearness, self), neighbours + 1);
    return { kind: 'neighbours', embeddings: tf.clone(embeddings), neighbours: indices as tf.Tensor2D };
  });
}
