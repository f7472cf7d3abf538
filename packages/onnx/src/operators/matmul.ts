import * as tf from '@tensorflow/tfjs-core';

import { float, input, int, misfit, type Operator } from '../run/call.js';
import { onDevice, padRank, plain, range, same, shapeOf, sizeOf, stored, tensorOf, type Value, type View } from '../run/value.js';
import { tiled } from './along.js';
import { broadcast } from './elementwise.js';

/** A matrix, or many, and whether rows and columns have changed places. */
interface Matrices {
  readonly tensor: tf.Tensor;
  readonly turned: boolean;
}

/** Brings the last two axes to the end, in either order: `matMul` reads both. */
function matricesOf(view: View): Matrices {
  const rank = view.axes.length;
  const lead = range(rank - 2);
  if (same(view.axes, [...lead, rank - 1, rank - 2])) return { tensor: view.tensor, turned: true };
  return { tensor: stored(view, range(rank)), turned: false };
}

export const matMul: Operator = (call) => {
  const [a, b] = [onDevice(input(call, 0)), onDevice(input(call, 1))];
  return product(a, b) ?? fail(call, a, b);
};

const fail = (call: Parameters<Operator>[0], a: Value, b: Value): never => {
  throw misfit(call, 'matrices that can be multiplied', [a, b]);
};

/** `a · b` over the last two axes; vectors are rows on the left and columns on the right. Nothing if the shapes do not fit. */
export function product(a: View, b: View): View | undefined {
  const [sa, sb] = [shapeOf(a), shapeOf(b)];
  if (sa.length === 0 || sb.length === 0) return undefined;
  if (sa.length === 1) return dropped(product(padRank(a, 2), b), sb.length === 1 ? 0 : -2, 1);
  if (sb.length === 1) return dropped(product(a, { tensor: tf.expandDims(b.tensor, 1), axes: [0, 1] }), -1, 1);
  if (sa.at(-1) !== sb.at(-2)) return undefined;
  const [lead, other] = [sa.slice(0, -2), sb.slice(0, -2)];
  const [rows, inner, columns] = [sa.at(-2)!, sa.at(-1)!, sb.at(-1)!];
  if (other.length === 0) {
    const right = matricesOf(b);
    if (lead.length === 0) {
      const left = matricesOf(a);
      return plain(tf.matMul(left.tensor, right.tensor, left.turned, right.turned));
    }
    // Rows of all matrices together, wherever the other axes are stored.
    const order = [...a.axes.filter((axis) => axis !== sa.length - 1), sa.length - 1];
    const flat = tf.reshape(stored(a, order), [-1, inner]);
    const sides = order.slice(0, -1).map((axis) => sa[axis]!);
    return { tensor: tf.reshape(tf.matMul(flat, right.tensor, false, right.turned), [...sides, columns]), axes: order };
  }
  const all = broadcast(lead, other);
  const whole = (view: View, from: readonly number[]): Matrices => {
    const padded = padRank(view, all.length + 2);
    const { tensor, turned } = matricesOf(padded);
    const sides = [...Array<number>(all.length - from.length).fill(1), ...from];
    const times = all.map((side, i) => side / sides[i]!);
    return { tensor: tf.reshape(tiled(tensor, times), [sizeOf(all), ...tensor.shape.slice(-2)]), turned };
  };
  if (![lead, other].every((sides) => sides.every((side, i) => side === 1 || side === all[i - sides.length + all.length])))
    return undefined;
  const [left, right] = [whole(a, lead), whole(b, other)];
  const result = tf.matMul(left.tensor, right.tensor, left.turned, right.turned);
  return plain(tf.reshape(result, [...all, rows, columns]));
}

function dropped(view: View | undefined, axis: number, _length: 1): View | undefined {
  if (view === undefined) return undefined;
  const tensor = tensorOf(view);
  return plain(tf.squeeze(tensor, [axis < 0 ? axis + tensor.rank : axis]));
}

export const gemm: Operator = (call) => {
  const turn = (value: View, turned: boolean): View =>
    turned ? { tensor: value.tensor, axes: value.axes.map((axis) => 1 - axis) } : value;
  const a = turn(onDevice(input(call, 0)), int(call, 'transA', 0) === 1);
  const b = turn(onDevice(input(call, 1)), int(call, 'transB', 0) === 1);
  const result = product(a, b);
  if (result === undefined || shapeOf(a).length !== 2) throw misfit(call, 'two matrices that can be multiplied', [a, b]);
  const [alpha, beta] = [float(call, 'alpha', 1), float(call, 'beta', 1)];
  const scaled = alpha === 1 ? result.tensor : tf.mul(result.tensor, alpha);
  const c = call.inputs[2];
  if (c === undefined || beta === 0) return plain(scaled);
  const added = tensorOf(c);
  return plain(tf.add(scaled, beta === 1 ? added : tf.mul(added, beta)));
};
