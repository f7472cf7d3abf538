import { unstack } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { activate, type Activation } from './bias-activation.js';
import { convolve, convolvedSize, type ConvolutionOptions } from './conv.js';
import type { Layers, Lookup } from './layers.js';
import { patches } from './patches.js';

/**
 * If the patches of a layer have more numbers than this, for each network after the first, one convolution after the other is faster: the
 * copies then cost more than K − 1 calls. Timed on `tensorflow`, two cores, with training steps of the zoo's networks at K = 2 and 8.
 */
const PATCH_LIMIT = 250_000;

/**
 * The layers of K networks at once: parameters have a leading axis K, activations carry the networks in their batch, `[K · batch, …]`.
 *
 * @param shared the batch that all networks see. A network's first layer reads it, as it is or flattened, and becomes one layer of K · out
 * outputs
 */
export const manyLayers = (parameter: Lookup, count: number, shared?: tf.Tensor): Layers => ({
  conv(name, x, options = {}) {
    const weight = parameter<tf.Rank.R5>(`${name}.weight`);
    const bias = parameter<tf.Rank.R2>(`${name}.bias`);
    if (isShared(x, shared, count)) return convolveShared(x, weight, bias, options);
    return patchNumbers(x, weight, options) > PATCH_LIMIT
      ? convolveEach(x, weight, bias, options)
      : convolvePatches(x, weight, bias, options);
  },
  linear(name, x, activation = 'linear') {
    const weight = parameter<tf.Rank.R3>(`${name}.weight`);
    const bias = parameter<tf.Rank.R2>(`${name}.bias`);
    const [, inputs, outputs] = weight.shape;
    const sums = isShared(x, shared, count)
      ? multiplyShared(x, weight)
      : (tf.matMul(tf.reshape(x, [count, -1, inputs]), weight) as tf.Tensor3D);
    return tf.reshape(addBiases(sums, bias, activation), [-1, outputs]); // [K · batch, out]
  },
  block: (run) => tf.tidy(run),
});

/** Whether a tensor has not passed a layer with parameters yet, so that it is still one batch, not K batches. */
const isShared = (x: tf.Tensor, shared: tf.Tensor | undefined, count: number): boolean =>
  x === shared || (shared !== undefined && count > 1 && x.shape[0] === shared.shape[0]);

/** The same image for all: one convolution with all filters side by side. */
function convolveShared(x: tf.Tensor4D, weight: tf.Tensor5D, bias: tf.Tensor2D, options: ConvolutionOptions): tf.Tensor4D {
  const [count, height, width, inputs, outputs] = weight.shape;
  const filters = tf.reshape<tf.Rank.R4>(tf.transpose(weight, [1, 2, 3, 0, 4]), [height, width, inputs, count * outputs]);
  const all = convolve(x, filters, flatBias(bias), { ...options, isInput: true }); // [B, H', W', K · out]
  const [batch, rows, columns] = all.shape;
  return tf.reshape(networksFirst(tf.reshape(all, [-1, count, outputs])), [count * batch, rows, columns, outputs]);
}

/** Images of their own: patches and one batched product. */
function convolvePatches(x: tf.Tensor4D, weight: tf.Tensor5D, bias: tf.Tensor2D, options: ConvolutionOptions): tf.Tensor4D {
  const [count, kernel, , inputs, outputs] = weight.shape;
  const { stride = 1, padding = 0, activation = 'linear' } = options;
  const seen = patches(x, { kernel, stride, padding });
  const [images, rows, columns, size] = seen.shape;
  const filters = tf.reshape<tf.Rank.R3>(weight, [count, kernel * kernel * inputs, outputs]);
  const sums = tf.matMul(tf.reshape(seen, [count, -1, size]), filters) as tf.Tensor3D; // [K, B · H' · W', out]
  return tf.reshape(addBiases(sums, bias, activation), [images, rows, columns, outputs]);
}

/** Large images of their own: one convolution a network. */
function convolveEach(x: tf.Tensor4D, weight: tf.Tensor5D, bias: tf.Tensor2D, options: ConvolutionOptions): tf.Tensor4D {
  if (weight.shape[0] === 1) return convolve(x, unstack(weight)[0] as tf.Tensor4D, flatBias(bias), options);
  const filters = tf.unstack(weight) as tf.Tensor4D[];
  const biases = tf.unstack(bias) as tf.Tensor1D[]; // one operation and one gradient for all; slices would each have their own
  return tf.concat4d(
    (tf.split(x, filters.length) as tf.Tensor4D[]).map((images, i) => convolve(images, filters[i]!, biases[i]!, options)),
    0,
  );
}

/** `[batch, in]` · `[K, in, out]` → `[K, batch, out]`. */
function multiplyShared(x: tf.Tensor2D, weight: tf.Tensor3D): tf.Tensor3D {
  const [count, inputs, outputs] = weight.shape;
  const columns = tf.reshape<tf.Rank.R2>(tf.transpose(weight, [1, 0, 2]), [inputs, count * outputs]);
  return networksFirst(tf.reshape(tf.matMul(x, columns), [-1, count, outputs]));
}

/** `[K, out]` → `[K · out]` as data of its own: without our kernels wasm refuses a view as a bias. */
const flatBias = (bias: tf.Tensor2D): tf.Tensor1D => tf.slice1d(tf.reshape(bias, [bias.size]), 0, bias.size);

/** `[n, K, out]` → `[K, n, out]`. */
const networksFirst = (x: tf.Tensor3D): tf.Tensor3D => tf.transpose(x, [1, 0, 2]);

/** `[K, n, out]` plus `[K, out]`. */
const addBiases = (sums: tf.Tensor3D, bias: tf.Tensor2D, activation: Activation): tf.Tensor3D =>
  activate(tf.add(sums, tf.expandDims(bias, 1)), activation);

function patchNumbers({ shape: [images, height, width] }: tf.Tensor4D, weight: tf.Tensor5D, options: ConvolutionOptions): number {
  const [, kernel, , inputs] = weight.shape;
  const { stride = 1, padding = 0 } = options;
  const size = (length: number): number => convolvedSize(length, kernel, stride, padding);
  return images * size(height) * size(width) * kernel * kernel * inputs;
}
