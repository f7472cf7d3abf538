import * as tf from '@tensorflow/tfjs-core';

import { activate, addBias, freeSpent, isRecording, type Activation } from './bias-activation.js';
import { fusedConvolution } from './fused-convolution.js';

export interface ConvolutionOptions {
  /** Step between outputs, in pixels. */
  readonly stride?: number;
  /** Zeros on each side, as in PyTorch, in pixels. */
  readonly padding?: number;
  readonly activation?: Activation;
  /** Whether `x` is the input of a network, or a part of it. Its gradient is rarely needed, so it is computed only on request. */
  readonly isInput?: boolean;
}

/**
 * PyTorch's convolution: cross-correlation with `padding` zeros on each side, output size ⌊(n + 2p − k) / s⌋ + 1.
 *
 * TensorFlow's 'same' pads differently at even sizes and stride 2, and explicit padding has no gradient on the `tensorflow` backend. So
 * this uses 'valid' or 'same' if they agree with PyTorch, else `tf.pad` (no wider than is read) and 'valid'.
 *
 * @param x `[batch, height, width, in]`
 * @param weight `[kernel, kernel, in, out]`
 * @param bias `[out]`
 * @returns `[batch, height', width', out]`
 */
export function convolve(
  x: tf.Tensor4D,
  weight: tf.Tensor4D,
  bias: tf.Tensor1D | undefined,
  { stride = 1, padding = 0, activation = 'linear', isInput = false }: ConvolutionOptions = {},
): tf.Tensor4D {
  const { rows, columns, same } = paddingOf(x, weight, stride, padding);
  const padded = same ? x : padZeros(x, rows, columns);
  const pad = same ? 'same' : 'valid';
  if (bias === undefined) return activate(tf.conv2d(padded, weight, stride, pad), activation);
  if (!isRecording()) return activate(tf.fused.conv2d({ x: padded, filter: weight, strides: stride, pad, bias }), activation);
  return isInput
    ? addBias(tf.conv2d(padded, weight, stride, pad), bias, activation)
    : fusedConvolution(padded, weight, bias, { stride, pad, activation });
}

/** The zeros along both axes, and whether TensorFlow's 'same' pads as they do. */
export function paddingOf(x: tf.Tensor4D, weight: tf.Tensor4D, stride: number, padding: number) {
  const rows = explicitPadding(x.shape[1], weight.shape[0], stride, padding);
  const columns = explicitPadding(x.shape[2], weight.shape[1], stride, padding);
  return { rows, columns, same: rows.same && columns.same };
}

/** Size of a convolution's output along one axis; below 1 if the kernel does not fit. */
export const convolvedSize = (size: number, kernel: number, stride: number, padding: number): number =>
  Math.floor((size + 2 * padding - kernel) / stride) + 1;

interface AxisPadding {
  readonly before: number;
  readonly after: number;
  /** Whether TensorFlow's 'same' pads in the same way. */
  readonly same: boolean;
}

/** The zeros that are read along one axis. At the end they are fewer than `padding` if the last step does not reach them all. */
export function explicitPadding(size: number, kernel: number, stride: number, padding: number): AxisPadding {
  const outputs = convolvedSize(size, kernel, stride, padding);
  const after = Math.max(0, (outputs - 1) * stride + kernel - size - padding);
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + kernel - size);
  const same = Math.ceil(size / stride) === outputs && Math.floor(total / 2) === padding && Math.ceil(total / 2) === after;
  return { before: padding, after, same };
}

export function padZeros(x: tf.Tensor4D, rows: AxisPadding, columns: AxisPadding): tf.Tensor4D {
  if (rows.before + rows.after + columns.before + columns.after === 0) return x;
  const widths: [number, number][] = [[0, 0], [rows.before, rows.after], [columns.before, columns.after], [0, 0]]; // prettier-ignore
  if (!isRecording()) return tf.pad(x, widths);
  const pad = tf.customGrad((...args) => {
    const gradFunc = (dy: tf.Tensor) => {
      const inside = tf.slice(dy as tf.Tensor4D, [0, rows.before, columns.before, 0], x.shape);
      freeSpent([dy]);
      return inside;
    };
    return { value: tf.pad(args[0] as tf.Tensor4D, widths), gradFunc };
  });
  return pad(x) as tf.Tensor4D;
}
