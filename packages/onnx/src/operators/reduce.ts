import * as tf from '@tensorflow/tfjs-core';

import { axisOf, type Call, constants, input, int, type Operator } from '../run/call.js';
import { flat } from './elementwise.js';
import {
  host,
  type Host,
  isHost,
  kindOf,
  onDevice,
  plain,
  range,
  shapeOf,
  sizeOf,
  type Value,
  type View,
  withoutAxes,
} from '../run/value.js';

type Reduce = (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor;

function axesOf(call: Call, rank: number): readonly number[] | undefined {
  const given = constants(call, 1, 'axes');
  if (given !== undefined && given.length > 0) return given.map((axis) => axisOf(call, axis, rank));
  return int(call, 'noop_with_empty_axes', 0) === 1 ? undefined : range(rank);
}

const reduction =
  (device: Reduce, constant: (values: readonly number[]) => number): Operator =>
  (call) => {
    const x = input(call, 0);
    const axes = axesOf(call, shapeOf(x).length);
    if (axes === undefined) return x;
    const keep = int(call, 'keepdims', 1) === 1;
    if (isHost(x)) return onHost(x, axes, keep, constant);
    // Of no numbers at all backends give any result.
    if (sizeOf(shapeOf(x)) === 0) return onHost(host(kindOf(x), shapeOf(x), []), axes, keep, constant);
    return onView(onDevice(x), axes, keep, device);
  };

export function onView(x: View, axes: readonly number[], keep: boolean, device: Reduce): View {
  const places = axes.map((axis) => x.axes.indexOf(axis));
  const tensor = device(x.tensor, places, keep);
  return { tensor, axes: keep ? x.axes : withoutAxes(x.axes, new Set(axes)) };
}

function onHost(
  { kind, shape, data }: Host,
  axes: readonly number[],
  keep: boolean,
  constant: (values: readonly number[]) => number,
): Value {
  const gone = new Set(axes);
  const sides = shape.map((side, axis) => (gone.has(axis) ? 1 : side));
  const lists = Array.from({ length: sizeOf(sides) }, (): number[] => []);
  for (let i = 0; i < data.length; i++) {
    let [rest, index, step] = [i, 0, 1];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      if (!gone.has(axis)) {
        index += (rest % shape[axis]!) * step;
        step *= shape[axis]!;
      }
      rest = Math.floor(rest / shape[axis]!);
    }
    lists[index]!.push(data[i]!);
  }
  const results = lists.map(constant);
  const values = kind === 'bool' ? results.map((value) => Number(value > 0)) : results;
  return host(kind, keep ? sides : shape.filter((_, axis) => !gone.has(axis)), values);
}

const sumOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const squaresOf = (values: readonly number[]): number => sumOf(values.map((value) => value * value));

const best =
  (pick: (x: tf.Tensor, axis: number) => tf.Tensor): Operator =>
  (call) => {
    const x = onDevice(input(call, 0));
    const axis = axisOf(call, int(call, 'axis', 0), x.axes.length);
    const last = int(call, 'select_last_index', 0) === 1;
    const place = x.axes.indexOf(axis);
    const find = (t: tf.Tensor): tf.Tensor =>
      last ? tf.sub(t.shape[place]! - 1, tf.cast(pick(tf.reverse(t, place), place), 'float32')) : pick(t, place);
    const found = flat((t: tf.Tensor) => tf.cast(find(t), 'int32'))(x.tensor);
    const axes = withoutAxes(x.axes, new Set([axis]));
    const dropped: View = { tensor: found, axes };
    if (int(call, 'keepdims', 1) === 0) return dropped;
    return { tensor: tf.expandDims(dropped.tensor, place), axes: x.axes };
  };

function logSumExpOf(values: readonly number[]): number {
  const most = Math.max(...values);
  return Number.isFinite(most) ? most + Math.log(sumOf(values.map((value) => Math.exp(value - most)))) : most;
}

/** Operators that make one number of many. */
export const REDUCTIONS: Readonly<Record<string, Operator>> = {
  ReduceSum: reduction(tf.sum, sumOf),
  ReduceMean: reduction(tf.mean, (values) => sumOf(values) / values.length),
  ReduceMax: reduction(tf.max, (values) => Math.max(...values)),
  ReduceMin: reduction(tf.min, (values) => Math.min(...values)),
  ReduceProd: reduction(tf.prod, (values) => values.reduce((a, b) => a * b, 1)),
  ReduceL1: reduction(
    (x, axes, keep) => tf.sum(tf.abs(x), axes, keep),
    (values) => sumOf(values.map(Math.abs)),
  ),
  ReduceL2: reduction(
    (x, axes, keep) => tf.sqrt(tf.sum(tf.square(x), axes, keep)),
    (values) => Math.sqrt(squaresOf(values)),
  ),
  ReduceSumSquare: reduction((x, axes, keep) => tf.sum(tf.square(x), axes, keep), squaresOf),
  ReduceLogSum: reduction(
    (x, axes, keep) => tf.log(tf.sum(x, axes, keep)),
    (values) => Math.log(sumOf(values)),
  ),
  ReduceLogSumExp: reduction((x, axes, keep) => tf.logSumExp(x, axes, keep), logSumExpOf),
  ArgMax: best((x, axis) => tf.argMax(x, axis)),
  ArgMin: best((x, axis) => tf.argMin(x, axis)),
  Softmax: softmaxOperator((x, axis) => {
    const powers = tf.exp(tf.sub(x, tf.max(x, axis, true)));
    return tf.div(powers, tf.sum(powers, axis, true));
  }, tf.softmax),
  LogSoftmax: softmaxOperator((x, axis) => {
    const moved = tf.sub(x, tf.max(x, axis, true));
    return tf.sub(moved, tf.log(tf.sum(tf.exp(moved), axis, true)));
  }, tf.logSoftmax),
};

/** Before version 13 a softmax ran over all axes from `axis` on. */
function softmaxOperator(compute: (x: tf.Tensor, axis: number[]) => tf.Tensor, whole?: (x: tf.Tensor) => tf.Tensor): Operator {
  return (call) => {
    const x = onDevice(input(call, 0));
    const rank = x.axes.length;
    const axis = axisOf(call, int(call, 'axis', call.opset < 13 ? 1 : -1), rank);
    const axes = call.opset < 13 ? range(rank - axis, axis) : [axis];
    if (axes.length === 1 && x.axes.at(-1) === axis && whole !== undefined) return { tensor: whole(x.tensor), axes: x.axes };
    if (axes.length === 0) return plain(compute(tf.reshape(x.tensor, [1]), [0]));
    return {
      tensor: compute(
        x.tensor,
        axes.map((one) => x.axes.indexOf(one)),
      ),
      axes: x.axes,
    };
  };
}
