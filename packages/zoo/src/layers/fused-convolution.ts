import * as tf from '@tensorflow/tfjs-core';

import { beforeActivation, channelSum, freeSpent, LEAKY_SLOPE, type Activation } from './bias-activation.js';

export interface FusedConvolutionOptions {
  readonly stride: number;
  readonly pad: 'same' | 'valid';
  readonly activation: Activation;
}

/**
 * `activation(conv(x) + bias)` for training, as one operation: keeps its input and output and no sums between, and adds the bias where a
 * backend's convolution can. Always computes the gradient of its input: not for the images, which nobody differentiates.
 */
export function fusedConvolution(
  x: tf.Tensor4D,
  weight: tf.Tensor4D,
  bias: tf.Tensor1D,
  { stride, pad, activation }: FusedConvolutionOptions,
): tf.Tensor4D {
  const attrs = { strides: [stride, stride], pad, dataFormat: 'NHWC' };
  const convolve = tf.customGrad((...args) => {
    const [input, filter, shift, save] = args as [tf.Tensor4D, tf.Tensor4D, tf.Tensor1D, tf.GradSaveFunc];
    const sums = tf.fused.conv2d({ x: input, filter, strides: stride, pad, bias: shift });
    // A fused leaky ReLU is slower on wasm than one of its own.
    const value = activation === 'leaky' ? tf.leakyRelu(sums, LEAKY_SLOPE) : sums;
    save(activation === 'leaky' ? [input, filter, value] : [input, filter]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [from, by, output = dy] = saved as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D?];
      const ofSums = beforeActivation(dy, output, activation);
      const gradients = [
        tf.engine().runKernel<tf.Tensor>(tf.Conv2DBackpropInput, { dy: ofSums, filter: by }, { ...attrs, inputShape: from.shape }),
        tf.engine().runKernel<tf.Tensor>(tf.Conv2DBackpropFilter, { x: from, dy: ofSums }, { ...attrs, filterShape: by.shape }),
        channelSum(ofSums),
      ];
      freeSpent([dy, ofSums, ...saved]);
      return gradients;
    };
    return { value, gradFunc };
  });
  return convolve(x, weight, bias) as tf.Tensor4D;
}
