import { NetSpaceError, type ParameterSpec } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { activate, addBias, isRecording, type Activation } from './bias-activation.js';
import { convolve, type ConvolutionOptions } from './conv.js';

/**
 * The layers that hold parameters. A network is written once with these layers. It runs as one plain network, as several at once, or as its
 * trainable form; each of these has its own implementation of the layers.
 */
export interface Layers {
  /** Convolution, bias, activation: `[batch, h, w, in]` → `[batch, h', w', out]`. */
  conv(name: string, x: tf.Tensor4D, options?: ConvolutionOptions): tf.Tensor4D;
  /** `x · weight + bias`, activation: `[batch, in]` → `[batch, out]`. */
  linear(name: string, x: tf.Tensor2D, activation?: Activation): tf.Tensor2D;
  /** Runs some layers and frees all tensors except their result, if the layers give nothing else. */
  block(run: () => tf.Tensor4D): tf.Tensor4D;
}

/** A parameter of one network by its name. */
export type Lookup = <R extends tf.Rank>(name: string) => tf.Tensor<R>;

/** Finds tensors by their specs' names. */
export function lookUp(specs: readonly ParameterSpec[], tensors: readonly tf.Tensor[]): Lookup {
  const byName = new Map(specs.map(({ name }, i) => [name, tensors[i]]));
  return <R extends tf.Rank>(name: string): tf.Tensor<R> => {
    const tensor = byName.get(name);
    if (tensor === undefined)
      throw new NetSpaceError('NOT_FOUND', `lookUp: no parameter is named ${name}; there are ${specs.map((spec) => spec.name).join(', ')}`);
    return tensor as tf.Tensor<R>;
  };
}

/**
 * The layers of one network.
 *
 * @param input the input of the network
 */
export const plainLayers = (parameter: Lookup, input?: tf.Tensor): Layers => ({
  conv: (name, x, options) =>
    convolve(x, parameter(`${name}.weight`), parameter(`${name}.bias`), { ...options, isInput: options?.isInput ?? x === input }),
  linear: (name, x, activation = 'linear') => linear(x, parameter(`${name}.weight`), parameter(`${name}.bias`), activation),
  block: (run) => tf.tidy(run),
});

/** `activation(x · weight + bias)`, `[batch, in]` → `[batch, out]`. */
export const linear = (x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D, activation: Activation): tf.Tensor2D =>
  isRecording() ? addBias(tf.matMul(x, weight), bias, activation) : activate(tf.add<tf.Tensor2D>(tf.matMul(x, weight), bias), activation);

/** `[batch, h, w, c]` → `[batch, c · h · w]`, in PyTorch's order, because the linear layer after it has its weights in this order. */
export function flattenChannelsFirst(x: tf.Tensor4D): tf.Tensor2D {
  const [batch, height, width, channels] = x.shape;
  const pixels = height * width;
  if (pixels === 1 || channels === 1) return tf.reshape(x, [batch, pixels * channels]);
  const swapped = tf.transpose(tf.reshape(x, [batch, pixels, channels]), [0, 2, 1]); // [batch, channels, pixels]
  return tf.reshape(swapped, [batch, channels * pixels]);
}

/** The hidden channels that a layer reads and writes, by name; `undefined` for the network's own inputs or outputs. */
export interface LayerChannels {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Specs of a convolution's weight (OIHW, read as HWIO) and bias. */
export const convolutionSpecs = (
  name: string,
  inputs: number,
  outputs: number,
  kernel: number,
  { from, to }: LayerChannels,
): ParameterSpec[] => [
  {
    name: `${name}.weight`,
    shape: [outputs, inputs, kernel, kernel],
    tensorAxes: [2, 3, 1, 0],
    channels: [to, from, undefined, undefined],
  },
  { name: `${name}.bias`, shape: [outputs], channels: [to] },
];

/** Specs of a linear layer's weight (`[out, in]`, read as `[in, out]`) and bias. */
export const linearSpecs = (name: string, inputs: number, outputs: number, { from, to }: LayerChannels): ParameterSpec[] => [
  { name: `${name}.weight`, shape: [outputs, inputs], tensorAxes: [1, 0], channels: [to, from] },
  { name: `${name}.bias`, shape: [outputs], channels: [to] },
];
