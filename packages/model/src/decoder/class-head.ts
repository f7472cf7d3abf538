import * as tf from '@tensorflow/tfjs-core';

import { convolution } from '../layers/convolution.js';
import { leakyRelu } from '../layers/leaky-relu.js';
import { layerWeights, type NamedTensors } from '../weights/named-tensors.js';

/**
 * Computes the logits of the architecture from an embedding: convolution 3×3 stride 2 → 10 channels, leaky ReLU, flatten (channels first),
 * linear.
 *
 * @param weights `arch_conv.0.*`, `arch_classifier.*`
 * @param grid the embeddings viewed as `[B, g, g, E/g²]`
 * @returns logits `[B, A]`
 */
export function classHead(weights: NamedTensors, grid: tf.Tensor4D): tf.Tensor2D {
  return tf.tidy(() => {
    const convolved = convolution(grid, layerWeights(weights, 'arch_conv.0'), { strides: [2, 2], padding: [1, 1] }); // [B, g/2, g/2, 10]
    const planes = tf.transpose(leakyRelu(convolved), [0, 3, 1, 2]); // [B, 10, g/2, g/2]
    const flat = tf.reshape(planes, [grid.shape[0], -1]) as tf.Tensor2D;
    const weight = weights['arch_classifier.weight'] as tf.Tensor2D;
    return tf.add(tf.matMul(flat, weight), weights['arch_classifier.bias'] as tf.Tensor1D);
  });
}
