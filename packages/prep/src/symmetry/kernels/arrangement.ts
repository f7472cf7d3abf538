import * as tf from '@tensorflow/tfjs-core';

import { type Axis, leaf, pin, product, sum } from '../axis.js';
import { broadcast, fix, FIXED, type Label, labelOf, type Sign, sizesOf, tie } from '../label.js';
import { type KernelCall, loseShifts, numberIn, numbersIn, placeOf, type Rule } from '../tracing.js';
import { splitAt, takeOuter, unify } from '../unify.js';
import { axisIn } from './contractions.js';

/** Operations that move numbers and change none. */
export const ARRANGEMENT: Readonly<Record<string, Rule>> = {
  Reshape: ({ list: [x], attributes }) => {
    const size = sizesOf(x!).reduce((total, n) => total * n, 1);
    return reshaped(x!, tf.util.inferFromImplicitShape([...numbersIn(attributes, 'shape')], size));
  },
  ExpandDims: ({ list: [x], attributes }) => {
    const shape = sizesOf(x!);
    shape.splice(placeOf(numberIn(attributes, 'dim'), shape.length + 1), 0, 1);
    return reshaped(x!, shape);
  },
  Transpose: ({ list: [x], attributes }) => {
    const order = numbersIn(attributes, 'perm');
    return arranged(
      x!,
      order.map((place) => x!.axes[place]!),
      order.map((place) => x!.signs[place]!),
    );
  },
  Concat: concatenated,
  Pack: (call) => packed(call),
  Unpack: ({ list: [x], attributes, tracing }) => {
    const axis = axisIn(attributes, x!.axes.length);
    const count = x!.axes[axis]!.size;
    pin(x!.axes[axis]!);
    fix(x!.signs[axis]!);
    const rest = <T>(list: readonly T[]): T[] => list.filter((_, place) => place !== axis);
    return Array.from({ length: count }, () => several(arranged(x!, rest(x!.axes), rest(x!.signs)), tracing, count));
  },
  SplitV: ({ list: [x], attributes, tracing }) => {
    const axis = axisIn(attributes, x!.axes.length);
    const given = attributes['numOrSizeSplits'] as number | number[];
    const sizes = tf.backend_util.prepareSplitSize({ shape: sizesOf(x!) } as tf.Tensor, given, axis);
    let begin = 0;
    return sizes.map((size) => {
      const piece = sliced(x!, axis, begin, size);
      begin += size;
      return several(piece, tracing, sizes.length);
    });
  },
  Slice: ({ list: [x], attributes }) => {
    const shape = sizesOf(x!);
    const [begin, size] = tf.slice_util.parseSliceParams({ shape, rank: shape.length } as tf.Tensor, attributes['begin'] as number[], attributes['size'] as number[]); // prettier-ignore
    return shape.reduce((label, _, axis) => sliced(label, axis, begin![axis]!, size![axis]!), x!);
  },
  PadV2: ({ list: [x], attributes }) => {
    const widths = attributes['paddings'] as readonly (readonly [number, number])[];
    return padded(x!, widths, numberIn(attributes, 'constantValue') === 0);
  },
  Tile: ({ list: [x], attributes, tracing }) => {
    loseShifts(tracing, [x!]);
    const times = numbersIn(attributes, 'reps');
    // Copies are all the same: the axis that counts them has no order of its own.
    const axes = x!.axes.map((axis, place) => product(leaf(times[place]!), axis));
    return arranged(
      x!,
      axes,
      signsWhere(x!, (place) => times[place] === 1),
    );
  },
  GatherV2: ({ inputs, attributes, tracing }) => gathered(inputs['x']!, inputs['indices']!, { attributes, tracing }),
};

/** The same numbers with other axes. */
const arranged = (x: Label, axes: readonly Axis[], signs: readonly Sign[]): Label => ({
  ...labelOf(axes, x.dtype, signs),
  shifts: x.shifts,
  parameter: x.parameter,
});

/** Signs along some axes; those along others are fixed. */
function signsWhere(x: Label, stays: (place: number) => boolean): readonly Sign[] {
  fix(...x.signs.filter((_, place) => !stays(place)));
  return x.signs.map((sign, place) => (stays(place) ? sign : FIXED));
}

/** A parameter that comes in pieces may enter each of them otherwise. */
function several(label: Label, tracing: KernelCall['tracing'], count: number): Label {
  if (count > 1) loseShifts(tracing, [label]);
  return count > 1 ? { ...label, shifts: [] } : label;
}

/** Runs of axes before and after that hold the same numbers, the shortest there are. */
export function reshaped(x: Label, shape: readonly number[]): Label {
  const axes: Axis[] = [];
  const signs: Sign[] = [];
  const before = x.axes.map((_, place) => place).filter((place) => x.axes[place]!.size !== 1);
  let next = 0;
  for (let place = 0; place < shape.length;) {
    if (shape[place] === 1) {
      axes.push(leaf(1));
      signs.push(FIXED);
      place++;
      continue;
    }
    const [from, to] = [[before[next++]!], [shape[place++]!]];
    const sizes = () => [from.reduce((total, i) => total * x.axes[i]!.size, 1), to.reduce((total, size) => total * size, 1)] as const;
    for (let [a, b] = sizes(); a !== b; [a, b] = sizes()) {
      if (a < b) from.push(before[next++]!);
      else to.push(shape[place++]!);
    }
    if (to.length === 1 && from.length === 1) signs.push(x.signs[from[0]!]!);
    else {
      fix(...from.map((i) => x.signs[i]!));
      signs.push(...to.map(() => FIXED));
    }
    axes.push(
      ...regrouped(
        from.map((i) => x.axes[i]!),
        to,
      ),
    );
  }
  const keepsUnits = axes.at(-1) === x.axes.at(-1);
  return { ...arranged(x, axes, signs), ...(keepsUnits && x.sums !== undefined ? { sums: x.sums } : {}) };
}

/** Axes of other sizes that hold the same numbers in the same order. */
function regrouped(from: readonly Axis[], sizes: readonly number[]): readonly Axis[] {
  const axes: Axis[] = [];
  let rest = product(...from);
  for (const size of sizes.slice(0, -1)) {
    const pieces = takeOuter(rest, size);
    if (pieces === undefined) {
      pin(...from);
      return sizes.map((n) => leaf(n, true));
    }
    axes.push(pieces[0]);
    rest = pieces[1];
  }
  return [...axes, rest];
}

function concatenated({ list, attributes, tracing }: KernelCall): Label {
  const rank = list[0]!.axes.length;
  const axis = axisIn(attributes, rank);
  const others = list.map((label) => ({ ...label, axes: label.axes.map((found, place) => (place === axis ? leaf(1) : found)) }));
  const { axes } = broadcast(others);
  for (const { signs } of list) {
    fix(signs[axis]!);
    signs.forEach((sign, place) => place !== axis && tie(list[0]!.signs[place]!, sign));
  }
  const joined = sum(...list.map((label) => label.axes[axis]!));
  const shifts = list.flatMap((label) => label.shifts);
  if (new Set(shifts.map(({ parameter }) => parameter)).size < shifts.length) loseShifts(tracing, list);
  return {
    ...labelOf(
      axes.map((found, place) => (place === axis ? joined : found)),
      list[0]!.dtype,
      list[0]!.signs.map((sign, place) => (place === axis ? FIXED : sign)),
    ),
    shifts,
  };
}

function packed({ list, attributes, tracing }: KernelCall): Label {
  loseShifts(tracing, list);
  const { axes } = broadcast(list);
  for (const { signs } of list) fix(...signs);
  const axis = axisIn(attributes, axes.length + 1);
  return labelOf([...axes.slice(0, axis), leaf(list.length, true), ...axes.slice(axis)], list[0]!.dtype);
}

function sliced(x: Label, axis: number, begin: number, size: number): Label {
  const whole = x.axes[axis]!;
  if (begin === 0 && size === whole.size) return x;
  const replace = (piece: Axis): Label =>
    arranged(
      x,
      x.axes.map((found, place) => (place === axis ? piece : found)),
      signsWhere(x, (place) => place !== axis),
    );
  const behind = splitAt(whole, begin)?.[1];
  const piece = behind && splitAt(behind, size)?.[0];
  if (piece !== undefined) return replace(size === 1 ? leaf(1) : piece);
  pin(whole);
  return replace(leaf(size, true));
}

/** Numbers other than zeros keep the signs as they are: they do not change theirs with the unit. */
function padded(x: Label, widths: readonly (readonly [number, number])[], zeros: boolean): Label {
  const axes = x.axes.map((axis, place) => {
    const [before, after] = widths[place]!;
    return sum(...[leaf(before, true), axis, leaf(after, true)].filter(({ size }) => size > 0));
  });
  return arranged(
    x,
    axes,
    signsWhere(x, (place) => zeros && axes[place]!.size === x.axes[place]!.size),
  );
}

/** Rows by number: which row stands where has to stay. */
function gathered(x: Label, indices: Label, { attributes, tracing }: Pick<KernelCall, 'attributes' | 'tracing'>): Label {
  loseShifts(tracing, [x, indices]);
  const axis = axisIn(attributes, x.axes.length);
  const batch = numberIn(attributes, 'batchDims') || 0;
  pin(x.axes[axis]!);
  fix(x.signs[axis]!, ...indices.signs);
  for (let place = 0; place < batch; place++) {
    unify(x.axes[place]!, indices.axes[place]!);
    fix(x.signs[place]!);
  }
  const found = indices.axes.slice(batch);
  return labelOf([...x.axes.slice(0, axis), ...found, ...x.axes.slice(axis + 1)], x.dtype, [
    ...x.signs.slice(0, axis),
    ...found.map(() => FIXED),
    ...x.signs.slice(axis + 1),
  ]);
}
