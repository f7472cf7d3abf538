import * as tf from '@tensorflow/tfjs-core';

/**
 * The parts of a tensor along its first axis, as `tf.unstack`, but differentiable for a single part too (tfjs 4.22 throws there).
 *
 * @param tensor `[N, ...]`
 * @returns N tensors `[...]`
 */
export function unstack(tensor: tf.Tensor): tf.Tensor[] {
  return tensor.shape[0] === 1 ? [tf.reshape(tensor, tensor.shape.slice(1))] : tf.unstack(tensor);
}
