import * as tf from '@tensorflow/tfjs-core';

import { beforeActivation, channelSum, freeSpent, LEAKY_SLOPE, type Activation } from './bias-activation.js';

export interface FusedConvolutionOptions {
  readonly stride: number;
  readonly pad: 'same' | 'valid';
  readonly activation: Activation;
}

/**
 * `activation(conv(x) + bias)` for training, as one operation. It keeps its input and output but no sums between, and lets the backend's
 * convolution add the bias if it can. It always computes the gradient of its input, so it is not used for the images, whose gradient is not
 * needed.
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
    // On wasm a fused leaky ReLU is slower than a separate one.
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
