import { leakyReluGradient } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

/** ReLU that keeps its output for the gradient, in one pass where the backend has a kernel for it. */
export const relu = tf.customGrad((...args) => {
  const [x, save] = args as [tf.Tensor, tf.GradSaveFunc];
  const value = tf.relu(x);
  save([value]);
  return { value, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => leakyReluGradient(dy, saved[0]!, 0) };
}) as <T extends tf.Tensor>(x: T) => T;

/** The greater of two numbers; the first one has the gradient of a tie, so that no gradient counts twice. */
const greater = tf.customGrad((...args) => {
  const [a, b, save] = args as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
  save([a, b]);
  const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
    const ofA = tf.mul(dy, tf.cast(tf.greaterEqual(saved[0]!, saved[1]!), 'float32'));
    return [ofA, tf.sub(dy, ofA)];
  };
  return { value: tf.maximum(a, b), gradFunc };
}) as (a: tf.Tensor4D, b: tf.Tensor4D) => tf.Tensor4D;

/**
 * A 3×3 convolution without padding and the 2×2 maximum after it: four convolutions of stride 2, one for each place of the square, and their maximum. It is
 * the same as `tf.maxPool` of the convolution. On large images it takes half the time in training, since TensorFlow's gradient of the maximum is slow.
 */
export function pooledConvolution(convolve: (x: tf.Tensor4D) => tf.Tensor4D, x: tf.Tensor4D): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const [rows, columns] = [height, width].map((size) => 2 * Math.floor((size - 2) / 2) + 1) as [number, number]; // what a place reads
  const at = (row: number, column: number): tf.Tensor4D => convolve(tf.slice4d(x, [0, row, column, 0], [batch, rows, columns, channels]));
  return greater(greater(at(0, 0), at(0, 1)), greater(at(1, 0), at(1, 1)));
}
