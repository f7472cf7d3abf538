import * as tf from '@tensorflow/tfjs-core';

import { convolvedSize, explicitPadding } from './conv.js';

interface PatchOptions {
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
}

/**
 * The inputs that each output of a convolution reads, so that the convolution is a matrix product with its weight `[k · k · in, out]`.
 *
 * Differentiable. A stride is split into phases first, by reshapes and contiguous slices without strided slices.
 *
 * @param x `[n, height, width, in]`
 * @returns `[n, height', width', k · k · in]`
 */
export function patches(x: tf.Tensor4D, { kernel, stride, padding }: PatchOptions): tf.Tensor4D {
  const rows = phasesOf(x.shape[1], { kernel, stride, padding });
  const columns = phasesOf(x.shape[2], { kernel, stride, padding });
  const padded = tf.pad4d(x, [
    [0, 0],
    [rows.before, rows.after],
    [columns.before, columns.after],
    [0, 0],
  ]);
  const [count, height, width, channels] = padded.shape;
  const phased = tf.reshape<tf.Rank.R4>(padded, [(count * height) / stride, stride, width / stride, stride * channels]);
  const phases = new Map<string, tf.Tensor4D>();
  const phase = (row: number, column: number): tf.Tensor4D => {
    const key = `${row} ${column}`;
    const found = phases.get(key);
    if (found !== undefined) return found;
    const part = stride === 1 ? phased : tf.slice4d(phased, [0, row, 0, column * channels], [-1, 1, -1, channels]);
    const image = tf.reshape<tf.Rank.R4>(part, [count, height / stride, width / stride, channels]);
    phases.set(key, image);
    return image;
  };
  const taps = Array.from({ length: kernel * kernel }, (_, tap) => {
    const [row, column] = [Math.floor(tap / kernel), tap % kernel];
    const from = [0, Math.floor(row / stride), Math.floor(column / stride), 0] as const;
    return tf.slice4d(phase(row % stride, column % stride), [...from], [-1, rows.outputs, columns.outputs, -1]);
  });
  return taps.length === 1 ? taps[0]! : tf.concat4d(taps, 3);
}

/** Zeros that make one axis a whole number of strides, long enough for the last output. */
function phasesOf(size: number, { kernel, stride, padding }: PatchOptions): { before: number; after: number; outputs: number } {
  const { before, after } = explicitPadding(size, kernel, stride, padding);
  const length = before + size + after;
  return { before, after: after + ((stride - (length % stride)) % stride), outputs: convolvedSize(size, kernel, stride, padding) };
}
