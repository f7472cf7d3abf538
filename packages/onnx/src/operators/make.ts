import * as tf from '@tensorflow/tfjs-core';

import { corruptFile } from '../limits.js';
import { attribute, axisOf, constant, input, int, nameOf, type Operator, unsupported } from '../run/call.js';
import { hostOfRaw } from '../run/constants.js';
import { host, type Host, integers, isHost, kindOf, onDevice, plain, shapeOf, sizeOf, tensorOf, range } from '../run/value.js';
import { kindNumbered, toKind } from './elementwise.js';

const shapeOperator: Operator = (call) => {
  const shape = shapeOf(input(call, 0));
  const clamp = (place: number): number => Math.max(0, Math.min(shape.length, place < 0 ? place + shape.length : place));
  return integers(shape.slice(clamp(int(call, 'start', 0)), clamp(int(call, 'end', shape.length))));
};

const constantOfShape: Operator = (call) => {
  const shape = Array.from(constant(call, 0, 'shape')?.data ?? []);
  call.budget('valueSize', sizeOf(shape));
  const given = attribute(call, 'value')?.t;
  const value = given === undefined ? host('float32', [1], [0]) : hostOfRaw(given.read());
  return host(value.kind, shape, new Float64Array(sizeOf(shape)).fill(value.data[0] ?? 0));
};

const constantOperator: Operator = (call) => {
  const { attributes } = call.node;
  for (const { name, t, f, i, floats, ints: list } of attributes) {
    if (name === 'value' && t !== undefined) return hostOfRaw(t.read());
    if (name === 'value_float') return host('float32', [], [f ?? 0]);
    if (name === 'value_int') return host('int32', [], [i ?? 0]);
    if (name === 'value_floats') return host('float32', [floats.length], floats);
    if (name === 'value_ints') return host('int32', [list.length], list);
  }
  throw unsupported(call, 'a constant of numbers', attributes.map(({ name }) => name).join(', ') || 'none', 'make it a tensor');
};

const rangeOperator: Operator = (call) => {
  const [start, limit, delta] = [0, 1, 2].map((i) => constant(call, i, 'range')?.data[0] ?? 0) as [number, number, number];
  const count = Math.max(0, Math.ceil((limit - start) / delta));
  if (!Number.isFinite(count)) throw corruptFile(`expected a step other than 0 in ${nameOf(call.node)}, got ${delta}`);
  call.budget('valueSize', count);
  return host(
    (input(call, 0) as Host).kind,
    [count],
    Float64Array.from({ length: count }, (_, i) => start + i * delta),
  );
};

const trilu: Operator = (call) => {
  const x = input(call, 0);
  const shape = shapeOf(x);
  const [rows, columns] = shape.slice(-2) as [number, number];
  const k = constant(call, 1, 'k')?.data[0] ?? 0;
  const upper = int(call, 'upper', 1) === 1;
  const kept = (place: number): boolean => {
    const [row, column] = [Math.floor(place / columns), place % columns];
    return upper ? column >= row + k : column <= row + k;
  };
  if (isHost(x))
    return host(
      x.kind,
      shape,
      Float64Array.from(x.data, (value, i) => (kept(i % (rows * columns)) ? value : 0)),
    );
  const tensor = tensorOf(x);
  const mask = tf.tensor(
    Uint8Array.from({ length: rows * columns }, (_, i) => Number(kept(i))),
    [rows, columns],
    'bool',
  );
  return plain(tf.where(tf.broadcastTo(mask, [...shape]), tensor, tf.zerosLike(tensor)));
};

const oneHot: Operator = (call) => {
  const [indices, depth, values] = [input(call, 0), constant(call, 1, 'depth'), constant(call, 2, 'values')];
  const count = depth?.data[0] ?? 0;
  const rank = shapeOf(indices).length;
  const axis = axisOf(call, int(call, 'axis', -1), rank + 1);
  const wanted = tf.cast(tensorOf(indices), 'int32');
  call.budget('valueSize', wanted.size * count);
  const places = tf.where(tf.less(wanted, 0), tf.add(wanted, tf.scalar(count, 'int32')), wanted);
  const [off, on] = [values?.data[0] ?? 0, values?.data[1] ?? 1];
  const marks = tf.cast(tf.equal(tf.expandDims(places, -1), tf.range(0, count, 1, 'int32')), 'float32');
  const order = [...range(rank).map((i) => (i < axis ? i : i + 1)), axis];
  return toKind({ tensor: tf.add(tf.mul(marks, on - off), off), axes: order }, values?.kind ?? 'float32');
};

const cumSum: Operator = (call) => {
  const x = onDevice(input(call, 0));
  const axis = axisOf(call, constant(call, 1, 'axis')?.data[0] ?? 0, x.axes.length);
  const exclusive = int(call, 'exclusive', 0) === 1;
  return { tensor: tf.cumsum(x.tensor, x.axes.indexOf(axis), exclusive, int(call, 'reverse', 0) === 1), axes: x.axes };
};

const eyeLike: Operator = (call) => {
  const x = input(call, 0);
  const [rows, columns] = shapeOf(x) as [number, number];
  const k = int(call, 'k', 0);
  return host(
    attribute(call, 'dtype') === undefined ? kindOf(x) : kindNumbered(call, 'dtype'),
    [rows, columns],
    Float64Array.from({ length: rows * columns }, (_, i) => Number((i % columns) - Math.floor(i / columns) === k)),
  );
};

/** Operators that make values of shapes, indices and constants. */
export const MAKERS: Readonly<Record<string, Operator>> = {
  Shape: shapeOperator,
  Size: (call) => host('int32', [], [sizeOf(shapeOf(input(call, 0)))]),
  ConstantOfShape: constantOfShape,
  Constant: constantOperator,
  Range: rangeOperator,
  Trilu: trilu,
  OneHot: oneHot,
  CumSum: cumSum,
  EyeLike: eyeLike,
};
