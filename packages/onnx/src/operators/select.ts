import * as tf from '@tensorflow/tfjs-core';

import { corruptFile } from '../limits.js';
import {
  attribute,
  axisOf,
  type Call,
  constant,
  constants,
  input,
  int,
  ints,
  misfit,
  nameOf,
  type Operator,
  text,
  unsupported,
} from '../run/call.js';
import {
  host,
  type Host,
  isHost,
  onDevice,
  plain,
  range,
  same,
  shapeOf,
  sizeOf,
  type Value,
  aligned,
  kindOf,
  tensorOf,
} from '../run/value.js';
import { everyAlong, padAlong, sliceAlong, takeAlong } from './along.js';
import { withShape } from './reshape.js';

const concat: Operator = (call) => {
  const values = call.inputs.map((_, i) => input(call, i));
  const rank = shapeOf(values[0] ?? input(call, 0)).length;
  const axis = axisOf(call, int(call, 'axis', 0), rank);
  if (values.some((value) => shapeOf(value).length !== rank)) throw misfit(call, 'values of one rank', values);
  if (values.every(isHost)) return joinHosts(call, values, axis);
  const kept = values.filter((value) => shapeOf(value)[axis] !== 0);
  if (kept.length === 0) return values[0]!;
  const { tensors, axes } = aligned(kept);
  const sides = (value: Value): number[] => shapeOf(value).filter((_, i) => i !== axis);
  if (kept.some((value) => !same(sides(value), sides(kept[0]!)))) throw misfit(call, `equal shapes but along axis ${axis}`, values);
  return { tensor: tensors.length === 1 ? tensors[0]! : tf.concat(tensors, axes.indexOf(axis)), axes };
};

function joinHosts(call: Call, values: readonly Host[], axis: number): Host {
  const first = values[0]!;
  const total = values.reduce((sum, { shape }) => sum + shape[axis]!, 0);
  const shape = first.shape.map((side, i) => (i === axis ? total : side));
  if (values.some((value) => value.shape.some((side, i) => i !== axis && side !== shape[i]))) throw misfit(call, 'equal shapes', values);
  const outer = sizeOf(shape.slice(0, axis));
  const inner = sizeOf(shape.slice(axis + 1));
  const data: number[] = [];
  for (let i = 0; i < outer; i++) {
    for (const value of values) {
      const run = value.shape[axis]! * inner;
      for (let j = 0; j < run; j++) data.push(value.data[i * run + j]!);
    }
  }
  return host(first.kind, shape, data);
}

const split: Operator = (call) => {
  const x = input(call, 0);
  const shape = shapeOf(x);
  const axis = axisOf(call, int(call, 'axis', 0), shape.length);
  const side = shape[axis]!;
  const pieces = call.node.outputs.length;
  const each = Math.ceil(side / pieces);
  const sizes = constants(call, 1, 'split') ?? range(pieces).map((i) => Math.max(0, Math.min(each, side - i * each)));
  if (sizes.reduce((a, b) => a + b, 0) !== side || sizes.length !== pieces) throw misfit(call, `sizes ${sizes} along axis ${axis}`, [x]);
  let from = 0;
  return sizes.map((size) => taken(x, axis, range(size, (from += size) - size)));
};

/** The places of one axis that are named. */
function taken(x: Value, axis: number, indices: readonly number[]): Value {
  if (!isHost(x)) return { tensor: takeAlong(x.tensor, x.axes.indexOf(axis), indices), axes: x.axes };
  const inner = sizeOf(x.shape.slice(axis + 1));
  const outer = sizeOf(x.shape.slice(0, axis));
  const data: number[] = [];
  for (let i = 0; i < outer; i++) {
    for (const index of indices) for (let j = 0; j < inner; j++) data.push(x.data[(i * x.shape[axis]! + index) * inner + j]!);
  }
  return host(x.kind, x.shape.map((side, i) => (i === axis ? indices.length : side)), data); // prettier-ignore
}

const slice: Operator = (call) => {
  let x = input(call, 0);
  const shape = shapeOf(x);
  const starts = constants(call, 1, 'starts') ?? [];
  const ends = constants(call, 2, 'ends') ?? [];
  const axes = constants(call, 3, 'axes') ?? range(starts.length);
  const steps = constants(call, 4, 'steps') ?? starts.map(() => 1);
  axes.forEach((given, i) => {
    const axis = axisOf(call, given, shape.length);
    const [side, step] = [shape[axis]!, steps[i] ?? 1];
    if (step === 0 || !Number.isInteger(step)) throw corruptFile(`expected steps other than 0 in ${nameOf(call.node)}, got ${step}`);
    const clamp = (place: number): number => {
      const absolute = place < 0 ? place + side : place;
      return step > 0 ? Math.max(0, Math.min(side, absolute)) : Math.max(-1, Math.min(side - 1, absolute));
    };
    const [start, end] = [clamp(starts[i] ?? 0), clamp(ends[i] ?? 0)];
    const count = Math.max(0, Math.ceil((end - start) / step));
    if (isHost(x))
      x = taken(x, axis, range(count).map((j) => start + j * step)); // prettier-ignore
    else x = { tensor: stepped(x.tensor, x.axes.indexOf(axis), start, count, step), axes: x.axes };
  });
  return x;
};

function stepped(x: tf.Tensor, axis: number, start: number, count: number, step: number): tf.Tensor {
  if (count === 0) return sliceAlong(x, axis, 0, 0);
  const length = (count - 1) * Math.abs(step) + 1;
  if (step > 0) return everyAlong(sliceAlong(x, axis, start, length), axis, step);
  return everyAlong(tf.reverse(sliceAlong(x, axis, start - length + 1, length), axis), axis, -step);
}

const gather: Operator = (call) => {
  const [x, indices] = [input(call, 0), input(call, 1)];
  const shape = shapeOf(x);
  const axis = axisOf(call, int(call, 'axis', 0), shape.length);
  const side = shape[axis]!;
  const result = [...shape.slice(0, axis), ...shapeOf(indices), ...shape.slice(axis + 1)];
  if (isHost(indices)) {
    const places = Array.from(indices.data, (index) => (index < 0 ? index + side : index));
    if (places.some((place) => !(place >= 0 && place < side))) throw misfit(call, `indices below ${side}`, [x, indices]);
    call.budget('valueSize', sizeOf(result));
    return withShape(taken(x, axis, places), result);
  }
  const view = onDevice(x);
  const wanted = tf.cast(tensorOf(indices), 'int32');
  const places = tf.where(tf.less(wanted, 0), tf.add(wanted, tf.scalar(side, 'int32')), wanted);
  return plain(tf.gather(tensorOf(view), places, axis));
};

const gatherElements: Operator = (call) => {
  const [x, indices] = [input(call, 0), input(call, 1)];
  const shape = shapeOf(x);
  const axis = axisOf(call, int(call, 'axis', 0), shape.length);
  const wanted = tf.cast(tensorOf(indices), 'int32');
  const side = shape[axis]!;
  const places = tf.where(tf.less(wanted, 0), tf.add(wanted, tf.scalar(side, 'int32')), wanted);
  // One-hot along the axis: `sum_j x[…, j, …] [index = j]`, for the places that the indices have of the other axes.
  const cut = shapeOf(indices).reduce((t, size, i) => (i === axis ? t : sliceAlong(t, i, 0, size)), tensorOf(x));
  const moved = tf.transpose(cut, [...range(cut.rank).filter((i) => i !== axis), axis]); // […, side]
  const chosen = tf.transpose(places, [...range(cut.rank).filter((i) => i !== axis), axis]); // […, count]
  const oneHot = tf.cast(
    tf.oneHot(tf.cast(tf.reshape(chosen, [-1]), 'int32'), side),
    x.host === true ? 'float32' : (kindOf(x) as 'float32'),
  );
  // Three axes, however many there are: wasm multiplies no more than six.
  const weights = tf.reshape(oneHot, [sizeOf(chosen.shape.slice(0, -1)), chosen.shape.at(-1)!, side]);
  const rows = tf.reshape(moved, [weights.shape[0]!, 1, side]);
  const picked = tf.reshape(tf.sum(tf.mul(weights, rows), -1), chosen.shape);
  const back = range(cut.rank).map((i) => (i === axis ? cut.rank - 1 : i < axis ? i : i - 1));
  return plain(tf.transpose(picked, back));
};

/** Reverses the first places of each sequence, as many as it has; those behind stay. */
const reverseSequence: Operator = (call) => {
  const x = onDevice(input(call, 0));
  const shape = shapeOf(x);
  const lengths = Array.from(constant(call, 1, 'lengths')?.data ?? []);
  const [time, batch] = [axisOf(call, int(call, 'time_axis', 0), shape.length), axisOf(call, int(call, 'batch_axis', 1), shape.length)];
  const [timeAt, batchAt] = [x.axes.indexOf(time), x.axes.indexOf(batch)];
  if (time === batch || lengths.length !== shape[batch] || lengths.some((length) => !(length >= 0 && length <= shape[time]!))) {
    throw misfit(call, `a length of at most ${shape[time]} for each sequence`, [x, call.inputs[1]]);
  }
  const turned = (t: tf.Tensor, length: number): tf.Tensor =>
    takeAlong(t, timeAt, range(shape[time]!).map((i) => (i < length ? length - 1 - i : i))); // prettier-ignore
  if (lengths.every((length) => length === lengths[0])) return { tensor: turned(x.tensor, lengths[0] ?? 0), axes: x.axes };
  const parts = lengths.map((length, i) => turned(sliceAlong(x.tensor, batchAt, i, 1), length));
  return { tensor: tf.concat(parts, batchAt), axes: x.axes };
};

const pad: Operator = (call) => {
  const x = input(call, 0);
  const shape = shapeOf(x);
  const pads = constants(call, 1, 'pads') ?? ints(call, 'paddings') ?? [];
  const value = call.inputs[2] === undefined ? (attribute(call, 'value')?.f ?? 0) : (constant(call, 2, 'value')?.data[0] ?? 0);
  const axes = constants(call, 3, 'axes')?.map((axis) => axisOf(call, axis, shape.length)) ?? range(shape.length);
  const mode = text(call, 'mode', 'constant');
  if (pads.length !== 2 * axes.length) throw misfit(call, `${pads.length / 2} axes`, [x]);
  const view = onDevice(x);
  let { tensor } = view;
  axes.forEach((axis, i) => {
    const [before, after] = [pads[i]!, pads[i + axes.length]!];
    const [place, side] = [view.axes.indexOf(axis), shape[axis]!];
    call.budget('valueSize', Math.max(tensor.size / Math.max(side, 1), 1) * Math.max(0, side + before + after)); // also of no numbers: places are counted
    if (mode === 'constant') tensor = padAlong(tensor, place, before, after, value);
    else tensor = takeAlong(tensor, place, range(Math.max(0, side + before + after), -before).map((at) => mirrored(call, mode, at, side))); // prettier-ignore
  });
  return { tensor, axes: view.axes };
};

function mirrored(call: Call, mode: string, at: number, side: number): number {
  if (mode === 'edge') return Math.max(0, Math.min(side - 1, at));
  if (mode === 'wrap') return ((at % side) + side) % side;
  if (mode !== 'reflect') throw unsupported(call, 'mode constant, reflect, edge or wrap', mode, 'pad in another way');
  if (side === 1) return 0;
  const period = 2 * (side - 1);
  const inside = ((at % period) + period) % period;
  return Math.min(inside, period - inside);
}

/** Operators that take values apart and put them together. */
export const SELECTIONS: Readonly<Record<string, Operator>> = {
  Concat: concat,
  Split: split,
  Slice: slice,
  Gather: gather,
  GatherElements: gatherElements,
  ReverseSequence: reverseSequence,
  Pad: pad,
};
