import type * as tf from '@tensorflow/tfjs-core';

/** One kernel on one shape. */
export interface KernelCase {
  readonly name: string;
  readonly kernel: string;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly attrs?: tf.NamedAttrMap;
  /** The input `indices` is not of random floats but of so many different integers, from 0. */
  readonly indicesBelow?: number;
  /** Multiplications, for kernels that are about those. */
  readonly products?: number;
  /** What users of a backend that lacks the kernel would write. */
  readonly insteadOf?: (inputs: Readonly<Record<string, tf.Tensor>>) => tf.Tensor;
}

export interface Convolution {
  readonly name: string;
  readonly input: readonly [number, number, number, number];
  readonly filter: readonly [number, number, number, number];
  readonly strides: readonly [number, number];
  readonly pad: readonly [rows: number, columns: number];
}

/** The large convolutions of the paper's encoder and decoder for one net of 16×10000, and those of a ResNet8 on images of 64×64. */
export const CONVOLUTIONS: readonly Convolution[] = [
  { name: 'decoder conv2', input: [1, 16, 2048, 128], filter: [3, 3, 128, 1250], strides: [2, 2], pad: [1, 1] },
  { name: 'decoder conv3', input: [1, 8, 2500, 512], filter: [3, 3, 512, 256], strides: [2, 2], pad: [1, 1] },
  { name: 'decoder conv4', input: [1, 4, 1250, 256], filter: [3, 3, 256, 32], strides: [1, 1], pad: [1, 1] },
  { name: 'encoder conv2', input: [1, 16, 5000, 128], filter: [1, 3, 128, 256], strides: [1, 2], pad: [0, 0] },
  { name: 'ResNet 16', input: [32, 64, 64, 16], filter: [3, 3, 16, 16], strides: [1, 1], pad: [1, 1] },
  { name: 'ResNet 16→32', input: [32, 64, 64, 16], filter: [3, 3, 16, 32], strides: [2, 2], pad: [1, 1] },
  { name: 'ResNet 64', input: [32, 16, 16, 64], filter: [3, 3, 64, 64], strides: [1, 1], pad: [1, 1] },
];

/** A convolution's input with its padding, as every backend takes it, and its output's shape. */
export function shapesOf({ input: [batch, height, width, channels], filter, strides, pad }: Convolution) {
  const padded = [batch, height + 2 * pad[0], width + 2 * pad[1], channels] as const;
  const out = [0, 1].map((axis) => Math.floor((padded[axis + 1]! - filter[axis]!) / strides[axis]!) + 1) as [number, number];
  const output = [batch, ...out, filter[3]] as const;
  return { padded, output, products: output.reduce((a, b) => a * b) * filter[0] * filter[1] * filter[2] };
}
