import * as tf from '@tensorflow/tfjs-core';

import { activate, addBias, isRecording } from './bias-activation.js';
import { groupedConvolution } from './grouped-convolution.js';
import type { Layers, Lookup } from './layers.js';

/**
 * The layers of K networks at once, each with inputs of its own: parameters have a leading axis K. Images carry the networks in their
 * channels, `[batch, h, w, K · channels]`, as one wide network whose convolutions are grouped; so everything that works channel by channel,
 * such as pooling and batch norm, does the right thing. Between linear layers the networks are in the batch, `[K · batch, features]`.
 *
 * @param input the input of the networks
 */
export const wideLayers = (parameter: Lookup, { count, batch, input }: WideInput): Layers => ({
  conv(name, x, { activation = 'linear', ...options } = {}) {
    const sums = groupedConvolution(x, wideFilter(parameter(`${name}.weight`)), count, {
      ...options,
      isInput: options.isInput ?? x === input,
    });
    const bias = wideVector(parameter(`${name}.bias`));
    return isRecording() ? addBias(sums, bias, activation) : activate(tf.add<tf.Tensor4D>(sums, bias), activation);
  },
  linear(name, x, activation = 'linear') {
    const weight = parameter<tf.Rank.R3>(`${name}.weight`);
    const bias = parameter<tf.Rank.R2>(`${name}.bias`);
    const [, inputs, outputs] = weight.shape;
    const isWide = count > 1 && x.shape[0] === batch; // comes from images
    const own = isWide ? tf.transpose(tf.reshape(x, [batch, count, inputs]), [1, 0, 2]) : tf.reshape(x, [count, batch, inputs]);
    const sums = tf.matMul(own, weight) as tf.Tensor3D;
    return tf.reshape(activate(tf.add(sums, tf.expandDims(bias, 1)), activation), [count * batch, outputs]);
  },
  block: (run) => tf.tidy(run),
});

/** How many networks there are, and what they see. */
export interface WideInput {
  readonly count: number;
  /** Inputs of each network. */
  readonly batch: number;
  readonly input: tf.Tensor;
}

/** Inputs of each network, `[K, batch, …]` or side by side in their channels, as {@link wideLayers} takes them. */
export function wideInput(x: tf.Tensor, { count, batch }: Omit<WideInput, 'input'>): tf.Tensor {
  if (x.rank === 4) return x;
  return x.rank === 5 ? sideBySide(x) : tf.reshape(x, [count * batch, ...x.shape.slice(2)]);
}

/** `[K, batch, height, width, channels]` → `[batch, height, width, K · channels]`. */
function sideBySide(x: tf.Tensor): tf.Tensor4D {
  const [count, batch, height, width, channels] = x.shape as [number, number, number, number, number];
  return tf.reshape(tf.transpose(x, [1, 2, 3, 0, 4]), [batch, height, width, count * channels]);
}

/** Batches of images of several networks side by side in their channels. */
export const wideImages = (batches: readonly tf.Tensor4D[]): tf.Tensor4D => tf.tidy(() => sideBySide(tf.stack([...batches])));

/** Inputs of each network with the networks first, `[K, batch, …]`. */
export function networksFirst(x: tf.Tensor, count: number): tf.Tensor {
  if (x.rank !== 4) return x;
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  return tf.transpose(tf.reshape(x, [batch, height, width, count, channels / count]), [3, 0, 1, 2, 4]);
}

/** `[K, kernel, kernel, in, out]` → `[kernel, kernel, in, K · out]`. */
export function wideFilter(weight: tf.Tensor5D): tf.Tensor4D {
  const [count, height, width, inputs, outputs] = weight.shape;
  return tf.reshape(tf.transpose(weight, [1, 2, 3, 0, 4]), [height, width, inputs, count * outputs]);
}

/** `[K, out]` → `[K · out]`. */
export const wideVector = (vector: tf.Tensor2D): tf.Tensor1D => tf.reshape(vector, [vector.size]);
