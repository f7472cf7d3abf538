import * as tf from '@tensorflow/tfjs-core';

export interface ConvolutionOptions {
  readonly strides: readonly [vertical: number, horizontal: number];
  /** Zeros added on both sides of the height and of the width, as PyTorch's `padding`. */
  readonly padding: readonly [vertical: number, horizontal: number];
}

/**
 * PyTorch's convolution: output size floor((n + 2p − k) / s) + 1.
 *
 * Pads first, then convolves 'valid': TensorFlow's 'same' pads only one side at stride 2, and its explicit padding has no
 * gradient on every backend.
 *
 * @param x `[B, H, W, in]`
 * @param weight `[kH, kW, in, out]`
 * @param bias `[out]`
 * @returns `[B, H', W', out]`
 */
export function convolution(
  x: tf.Tensor4D,
  { weight, bias }: { readonly weight: tf.Tensor4D; readonly bias: tf.Tensor1D },
  { strides: [down, right], padding: [vertical, horizontal] }: ConvolutionOptions,
): tf.Tensor4D {
  return tf.tidy(() => {
    const padded = tf.pad(x, [
      [0, 0],
      [vertical, vertical],
      [horizontal, horizontal],
      [0, 0],
    ]);
    return tf.add(tf.conv2d(padded, weight, [down, right], 'valid'), bias);
  });
}
