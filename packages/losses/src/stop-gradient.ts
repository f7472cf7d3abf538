import * as tf from '@tensorflow/tfjs-core';

/** The same values, but no gradient flows through them. A teacher does not learn. */
export const stopGradient: (x: tf.Tensor) => tf.Tensor = tf.customGrad((x) => ({
  value: tf.clone(x as tf.Tensor),
  gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
}));
