import * as tf from '@tensorflow/tfjs-core';

import { permuted, range, sizeOf } from '../run/value.js';

/** `x[from, from + size)` along one stored axis. */
export function sliceAlong(x: tf.Tensor, axis: number, from: number, size: number): tf.Tensor {
  if (from === 0 && size === x.shape[axis]) return x;
  const begin = Array<number>(x.rank).fill(0);
  begin[axis] = from;
  return tf.slice(
    x,
    begin,
    x.shape.map((side, i) => (i === axis ? size : side)),
  );
}

/** Every `step`-th place along an axis, from the first: a reshape and a slice, which every backend can differentiate. */
export function everyAlong(x: tf.Tensor, axis: number, step: number): tf.Tensor {
  const side = x.shape[axis]!;
  if (step === 1 || side <= 1) return x;
  const count = Math.ceil(side / step);
  const padded = padAlong(x, axis, 0, count * step - side, 0);
  const split = tf.reshape(padded, [...x.shape.slice(0, axis), count, step, ...x.shape.slice(axis + 1)]);
  return tf.squeeze(sliceAlong(split, axis + 1, 0, 1), [axis + 1]);
}

/** A constant put before and after along an axis; negative amounts cut. */
export function padAlong(x: tf.Tensor, axis: number, before: number, after: number, value: number): tf.Tensor {
  const side = x.shape[axis]!;
  const cut = sliceAlong(x, axis, Math.max(0, -before), side - Math.max(0, -before) - Math.max(0, -after));
  const [front, back] = [Math.max(0, before), Math.max(0, after)];
  if (front === 0 && back === 0) return cut;
  return tf.pad(
    cut,
    range(x.rank).map((i): [number, number] => (i === axis ? [front, back] : [0, 0])),
    value,
  );
}

/** Pads several axes at once. */
export function padded(x: tf.Tensor, sides: readonly (readonly [before: number, after: number])[], value: number): tf.Tensor {
  if (sides.every(([before, after]) => before === 0 && after === 0)) return x;
  return tf.pad(
    x,
    sides.map(([before, after]): [number, number] => [before, after]),
    value,
  );
}

/** What lies between two places of a list of indices that go up by one, down by one, or stay. */
interface Run {
  readonly from: number;
  readonly count: number;
  readonly step: number;
}

function runsOf(indices: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (let i = 0; i < indices.length;) {
    const step = i + 1 < indices.length ? indices[i + 1]! - indices[i]! : 1;
    let count = 1;
    if (Math.abs(step) <= 1) while (i + count < indices.length && indices[i + count]! - indices[i + count - 1]! === step) count++;
    runs.push({ from: indices[i]!, count, step: count === 1 ? 1 : step });
    i += count;
  }
  return runs;
}

/** Most pieces that are cut out one by one; more are gathered. */
const MOST_RUNS = 16;

/** The places of an axis that `indices` name, in their order. */
export function takeAlong(x: tf.Tensor, axis: number, indices: readonly number[]): tf.Tensor {
  const runs = runsOf(indices);
  if (runs.length === 0) return sliceAlong(x, axis, 0, 0);
  if (runs.length > MOST_RUNS) return tf.gather(x, tf.tensor1d([...indices], 'int32'), axis);
  const pieces = runs.map(({ from, count, step }) => {
    if (step === 1) return sliceAlong(x, axis, from, count);
    if (step === -1) return tf.reverse(sliceAlong(x, axis, from - count + 1, count), axis);
    return tileAlong(sliceAlong(x, axis, from, 1), axis, count);
  });
  return pieces.length === 1 ? pieces[0]! : tf.concat(pieces, axis);
}

/** Multiplies along one axis by a matrix `[out, in]`. */
export function multiplyAlong(x: tf.Tensor, axis: number, matrix: tf.Tensor2D): tf.Tensor {
  const order = [...range(x.rank).filter((i) => i !== axis), axis];
  const moved = permuted(x, order);
  const flat = tf.reshape(moved, [-1, x.shape[axis]!]);
  const product = tf.reshape(tf.matMul(flat, matrix, false, true), [...moved.shape.slice(0, -1), matrix.shape[0]]);
  return permuted(
    product,
    range(x.rank).map((i) => order.indexOf(i)),
  );
}

/** All places of an axis one after the other, several times. tfjs differentiates `tile` up to four axes only. */
export function tileAlong(x: tf.Tensor, axis: number, times: number): tf.Tensor {
  if (times === 1) return x;
  const [before, side, after] = [x.shape.slice(0, axis), x.shape[axis]!, x.shape.slice(axis + 1)];
  const flat = tf.reshape(x, [sizeOf(before), side, sizeOf(after)]);
  return tf.reshape(tf.tile(flat, [1, times, 1]), [...before, side * times, ...after]);
}

/** Each place of an axis several times, one after the other. */
export function repeatAlong(x: tf.Tensor, axis: number, times: number): tf.Tensor {
  if (times === 1) return x;
  const [before, side, after] = [x.shape.slice(0, axis), x.shape[axis]!, x.shape.slice(axis + 1)];
  const flat = tf.reshape(x, [sizeOf(before), side, 1, sizeOf(after)]);
  return tf.reshape(tf.tile(flat, [1, 1, times, 1]), [...before, side * times, ...after]);
}

/** `tileAlong` for several axes. */
export const tiled = (x: tf.Tensor, times: readonly number[]): tf.Tensor => times.reduce((t, count, axis) => tileAlong(t, axis, count), x);
