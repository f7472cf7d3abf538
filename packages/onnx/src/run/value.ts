import * as tf from '@tensorflow/tfjs-core';

/** What a value is made of: tensors on the device have one of three types, whatever their width in the file. */
export type Kind = 'float32' | 'int32' | 'bool';

/** A value that is known without running anything: a constant, or what shape arithmetic makes of shapes. */
export interface Host {
  readonly host: true;
  readonly kind: Kind;
  readonly shape: readonly number[];
  /** Row-major; integers may be as large as a double holds. */
  readonly data: ArrayLike<number>;
}

/**
 * A tensor on the device whose axes may lie in another order than the graph's. Axis `i` of `tensor` is axis `axes[i]` of the value: an image
 * `[batch, channels, height, width]` that is stored channels-last has axes `[0, 2, 3, 1]`. Transposing changes `axes` alone.
 */
export interface View {
  readonly host?: false;
  readonly tensor: tf.Tensor;
  readonly axes: readonly number[];
}

export type Value = Host | View;

export const isHost = (value: Value): value is Host => value.host === true;

/** A value's shape as the graph sees it. */
export function shapeOf(value: Value): readonly number[] {
  if (isHost(value)) return value.shape;
  const shape = Array<number>(value.axes.length);
  value.axes.forEach((axis, i) => (shape[axis] = value.tensor.shape[i]!));
  return shape;
}

export const kindOf = (value: Value): Kind => (isHost(value) ? value.kind : (value.tensor.dtype as Kind));
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
export const range = (count: number, from = 0): number[] => Array.from({ length: count }, (_, i) => from + i);
export const same = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((value, i) => value === b[i]);

/** A tensor whose axes are in the graph's order. */
export const plain = (tensor: tf.Tensor): View => ({ tensor, axes: range(tensor.rank) });

/** A tensor with the axes of another view. */
export const like = (view: View, tensor: tf.Tensor): View => ({ tensor, axes: view.axes });

export const host = (kind: Kind, shape: readonly number[], data: ArrayLike<number>): Host => ({ host: true, kind, shape, data });
export const integers = (values: readonly number[]): Host => host('int32', [values.length], values);

/** A value on the device. */
export function onDevice(value: Value): View {
  if (!isHost(value)) return value;
  const { kind, shape, data } = value;
  const numbers =
    kind === 'float32' ? Float32Array.from(data) : kind === 'int32' ? Int32Array.from(data, clampToInt32) : Uint8Array.from(data);
  return plain(tf.tensor(numbers, [...shape], kind));
}

const clampToInt32 = (value: number): number => Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, value));

/** The tensor of a value with its axes stored in an order. */
export function stored(value: Value, axes: readonly number[]): tf.Tensor {
  const view = onDevice(value);
  if (same(view.axes, axes)) return view.tensor;
  return permuted(
    view.tensor,
    axes.map((axis) => view.axes.indexOf(axis)),
  );
}

/** The tensor of a value, axes in the graph's order. */
export const tensorOf = (value: Value): tf.Tensor => stored(value, range(shapeOf(value).length));

/** Transposes, by a reshape if no two axes longer than one change places. */
export function permuted(tensor: tf.Tensor, permutation: readonly number[]): tf.Tensor {
  const long = permutation.filter((axis) => tensor.shape[axis] !== 1);
  const shape = permutation.map((axis) => tensor.shape[axis]!);
  if (tensor.size === 0 || long.every((axis, i) => i === 0 || axis > long[i - 1]!)) return tf.reshape(tensor, shape);
  return tf.transpose(tensor, [...permutation]);
}

/** The same numbers with axes of length one in front, up to a rank. */
export function padRank(view: View, rank: number): View {
  const more = rank - view.axes.length;
  if (more <= 0) return view;
  return {
    tensor: tf.reshape(view.tensor, [...Array<number>(more).fill(1), ...view.tensor.shape]),
    axes: [...range(more), ...view.axes.map((axis) => axis + more)],
  };
}

/** Views of several values, broadcast to one rank and stored in the order of the largest. */
export function aligned(values: readonly Value[]): { readonly tensors: tf.Tensor[]; readonly axes: readonly number[] } {
  const rank = Math.max(...values.map((value) => shapeOf(value).length));
  const views = values.map((value) => padRank(onDevice(value), rank));
  const largest = views.reduce((a, b) => (b.tensor.size > a.tensor.size ? b : a));
  return { tensors: views.map((view) => stored(view, largest.axes)), axes: largest.axes };
}

/** A view without some of its axes, whose tensor has lost them already. */
export function withoutAxes(axes: readonly number[], gone: ReadonlySet<number>): number[] {
  const kept = axes.filter((axis) => !gone.has(axis));
  return kept.map((axis) => kept.filter((other) => other < axis).length);
}

/** Channels-last order of a value `[batch, channels, …pixels]`. */
export const channelsLast = (rank: number): number[] => [0, ...range(rank - 2, 2), 1];
