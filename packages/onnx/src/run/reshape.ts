import * as tf from '@tensorflow/tfjs-core';

import { sizeOf, shapeOf, stored, tensorOf, type View, plain } from './value.js';

/**
 * Reshapes a view, moving as little as can be. Axes that the new shape keeps, splits or merges by themselves stay where they are stored: the
 * channels of a channels-last image split into groups without a transpose.
 */
export function reshaped(view: View, shape: readonly number[]): View {
  const before = shapeOf(view);
  if (!shape.every(Number.isInteger) || sizeOf(before) !== sizeOf(shape)) throw new Error(`[${before}] is no [${shape}]`); // as tf.reshape
  const groups = groupsOf(before, shape);
  if (groups === undefined) return plain(tf.reshape(tensorOf(view), [...shape]));
  // Each group of old axes must lie together, in order; those that do not are brought there, behind the group's first.
  const order = [...view.axes];
  for (const { from } of groups) {
    if (from.length < 2) continue;
    const at = order.indexOf(from[0]!);
    const inPlace = from.every((axis, i) => order[at + i] === axis);
    if (inPlace) continue;
    const rest = order.filter((axis) => !from.includes(axis));
    const before_ = order.slice(0, at).filter((axis) => !from.includes(axis)).length;
    order.splice(0, order.length, ...rest.slice(0, before_), ...from, ...rest.slice(before_));
  }
  const tensor = stored(view, order);
  const places: number[] = [];
  const done = new Set<number>();
  for (const axis of order) {
    const index = groups.findIndex(({ from }) => from.includes(axis));
    if (done.has(index)) continue;
    done.add(index);
    places.push(...groups[index]!.to);
  }
  const loose = groups.filter(({ from }) => from.length === 0).flatMap(({ to }) => to); // axes of length one from nowhere
  const axes = [...places, ...loose];
  return {
    tensor: tf.reshape(
      tensor,
      axes.map((axis) => shape[axis]!),
    ),
    axes,
  };
}

interface Group {
  readonly from: readonly number[];
  readonly to: readonly number[];
}

/** The smallest runs of old and new axes with equal products; nothing for empty values. */
function groupsOf(before: readonly number[], after: readonly number[]): readonly Group[] | undefined {
  if (sizeOf(before) === 0) return undefined;
  const groups: Group[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [from, to] = [[] as number[], [] as number[]];
    let [left, right] = [1, 1];
    if (i < before.length) left *= before[take(from, i++)]!;
    if (j < after.length && left !== 1) right *= after[take(to, j++)]!;
    while (left !== right) {
      if (left < right) left *= before[take(from, i++)]!;
      else right *= after[take(to, j++)]!;
    }
    // An axis of length one goes to one of length one, if that is next.
    if (left === 1 && to.length === 0 && after[j] === 1) take(to, j++);
    groups.push({ from, to });
  }
  return groups;
}

function take(list: number[], index: number): number {
  list.push(index);
  return index;
}
