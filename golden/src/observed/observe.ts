import type { NamedTensors } from '@netspace/model';
import * as tf from '@tensorflow/tfjs-core';

/** The convolutions whose outputs golden data may hold. */
export type ObservedLayer = 'conv1' | 'conv2' | 'conv3' | 'conv4' | 'arch_conv';

/**
 * Sees a convolution's output before activation and view.
 *
 * @param output `[B, height, width, channels]`; disposed of when the observer returns
 */
export type Observe = (layer: ObservedLayer, output: tf.Tensor4D) => void;

/** How a convolution moves: strides and zero padding, each vertical and horizontal. */
export interface Moves {
  readonly strides: readonly [number, number];
  readonly padding: readonly [number, number];
}

/** PyTorch's convolution with the weight and the bias of a layer. */
export function convolve(
  weights: NamedTensors,
  layer: string,
  x: tf.Tensor4D,
  { strides: [down, right], padding: [vertical, horizontal] }: Moves,
): tf.Tensor4D {
  const padded = tf.pad(x, [[0, 0], [vertical, vertical], [horizontal, horizontal], [0, 0]]); // prettier-ignore
  return tf.add(tf.conv2d(padded, weights[`${layer}.weight`] as tf.Tensor4D, [down, right], 'valid'), weights[`${layer}.bias`]!);
}

/** Leaky ReLU of slope 0.01. */
export const leaky = (x: tf.Tensor4D): tf.Tensor4D => tf.leakyRelu(x, 0.01);
