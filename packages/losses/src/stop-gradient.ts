import * as tf from '@tensorflow/tfjs-core';

/** The same values, through which no gradient flows: a teacher is looked at, not taught. */
export const stopGradient: (x: tf.Tensor) => tf.Tensor = tf.customGrad((x) => ({
  value: tf.clone(x as tf.Tensor),
  gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
}));
