import * as tf from '@tensorflow/tfjs-core';

import { leakyRelu, leakySlope } from './leaky-relu.js';

/** Channels, height and width as which a convolution's output is viewed. */
export type View = readonly [channels: number, height: number, width: number];

/**
 * What stands between two convolutions of the decoder: bias, leaky ReLU, PyTorch's `view` (the contiguous channels-first data
 * re-read in another shape) and a border of zeros for the next convolution.
 *
 * One operation, so that a single tensor is kept for the backward pass, the output, which the next convolution keeps anyway;
 * each of its steps would keep one, and leave a gradient of that size until the end.
 *
 * @param z output of a convolution without bias, `[B, h, w, C]`; channels in the order of {@link blockChannels} if `inBlocks`
 * @param bias `[C]`, in the order of `z`
 * @param view `[C', H', W']`, C' · H' · W' = C · h · w
 * @returns `[B, H' + 2, W' + 2, C']`
 */
export function viewedActivation(z: tf.Tensor4D, bias: tf.Tensor1D, view: View, inBlocks: boolean): tf.Tensor4D {
  const activate = tf.customGrad((...inputs) => {
    const [input, shift, save] = inputs as [tf.Tensor4D, tf.Tensor1D, tf.GradSaveFunc];
    const viewed = channelsFirstView(tf.add(input, shift), view, inBlocks);
    const value = leakyRelu(tf.pad(viewed, BORDER));
    save([value]);
    return { value, gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => gradients(dy, saved[0]!, z.shape, view, inBlocks) };
  });
  return activate(z, bias) as tf.Tensor4D;
}

/** Padding of 1 around the places of `[B, H, W, C]`. */
export const BORDER: [number, number][] = [[0, 0], [1, 1], [1, 1], [0, 0]]; // prettier-ignore

function gradients(dy: tf.Tensor, output: tf.Tensor, shape: readonly number[], view: View, inBlocks: boolean): tf.Tensor[] {
  return tf.tidy(() => {
    const [channels, height, width] = view;
    const bordered = tf.mul(dy, leakySlope(output)); // the output's sign is the input's
    const viewed = tf.slice(bordered, [0, 1, 1, 0], [-1, height, width, channels]);
    const ofZ = undoChannelsFirstView(viewed, shape, inBlocks);
    return [ofZ, tf.sum(ofZ, [0, 1, 2])];
  });
}

/**
 * The order of a convolution's output channels in which its view costs one transpose of long runs: with C = C' · K channels viewed
 * as C', those of one κ = 0..K−1 together, instead of those of one view channel. Permutes weights, which are small.
 *
 * @param x the last axis in the authors' order, `[..., C' · K]`
 * @returns the same in blocks, `[..., K · C']`
 */
export function blockChannels(x: tf.Tensor, viewChannels: number): tf.Tensor {
  const swapped = tf.transpose(tf.reshape(x, [-1, viewChannels, x.shape.at(-1)! / viewChannels]), [0, 2, 1]);
  return tf.reshape(swapped, x.shape);
}

/** `[B, h, w, C]` → `[B, H', W', C']` */
function channelsFirstView(x: tf.Tensor4D, [channels, height, width]: View, inBlocks: boolean): tf.Tensor4D {
  const [batch, h, w, c] = x.shape;
  const planes = inBlocks
    ? tf.transpose(tf.reshape(x, [batch, h * w, c / channels, channels]), [0, 2, 1, 3]) // [B, K, h·w, C'], runs of C'
    : tf.transpose(tf.reshape(tf.transpose(tf.reshape(x, [batch, h * w, c]), [0, 2, 1]), [batch, channels, height * width]), [0, 2, 1]);
  return tf.reshape(planes, [batch, height, width, channels]);
}

/** `[B, H', W', C']` → `[B, h, w, C]` */
function undoChannelsFirstView(x: tf.Tensor, shape: readonly number[], inBlocks: boolean): tf.Tensor {
  const [batch, h, w, c] = shape as [number, number, number, number];
  const channels = x.shape.at(-1)!;
  const planes = inBlocks
    ? tf.transpose(tf.reshape(x, [batch, c / channels, h * w, channels]), [0, 2, 1, 3])
    : tf.transpose(tf.reshape(tf.transpose(tf.reshape(x, [batch, -1, channels]), [0, 2, 1]), [batch, c, h * w]), [0, 2, 1]);
  return tf.reshape(planes, [...shape]);
}
