import type * as tf from '@tensorflow/tfjs-core';

import { type Axis, leaf, pin, UNIT } from './axis.js';
import { unify } from './unify.js';

/**
 * Whether numbers along an axis change their sign with the unit that they belong to: the same variable for all axes of which this is so
 * together. `fixed` where signs cannot change.
 */
export interface Sign {
  fixed: boolean;
  is?: Sign;
}

/** A parameter that is added, times a factor, to numbers of a tensor and enters them in no other way. */
export interface Shift {
  readonly parameter: number;
  readonly factor: number;
}

/** The sums of a layer, before what comes behind it. */
export interface LayerSums {
  /** Number of the kernel call that gives the sums with their bias, and which kernel it is. */
  readonly call: number;
  readonly kernel: string;
  /** Its parameters by number, and the axis of the weight, as `apply` gets it, that runs over the layer's units. */
  readonly weight: number;
  readonly weightAxis: number;
  readonly bias?: number | undefined;
  /** The axis of the sums that runs over the layer's units. */
  readonly place: number;
}

/** What is known of a tensor instead of its numbers. */
export interface Label {
  readonly axes: readonly Axis[];
  readonly signs: readonly Sign[];
  readonly shifts: readonly Shift[];
  /** The parameter that the tensor is, in its own or another shape. */
  readonly parameter?: number | undefined;
  /** Whether it is that parameter as `apply` gets it. */
  readonly isWhole?: boolean | undefined;
  /** The layer whose sums the tensor is. */
  readonly sums?: Omit<LayerSums, 'call' | 'kernel' | 'place'> | undefined;
  readonly dtype: tf.DataType;
  /** The one number of a scalar constant. */
  readonly scalar?: number | undefined;
}

export const FIXED: Sign = { fixed: true };

export const rootOf = (sign: Sign): Sign => (sign.is === undefined ? sign : (sign.is = rootOf(sign.is)));

export function fix(...signs: readonly Sign[]): void {
  for (const sign of signs) rootOf(sign).fixed = true;
}

export function tie(one: Sign, other: Sign): void {
  const [a, b] = [rootOf(one), rootOf(other)];
  if (a === b) return;
  if (a.fixed || b.fixed) fix(a, b);
  // The constant FIXED stands for itself only.
  if (a !== FIXED && b !== FIXED) a.is = b;
}

export const sizesOf = ({ axes }: Label): number[] => axes.map(({ size }) => size);

/** A tensor of which the axes are known and no sign may change. */
export const labelOf = (axes: readonly Axis[], dtype: tf.DataType = 'float32', signs?: readonly Sign[]): Label => ({
  axes,
  signs: signs ?? axes.map(() => FIXED),
  shifts: [],
  dtype,
});

/** A tensor of which nothing is known. */
export const pinnedLabel = (shape: readonly number[], dtype: tf.DataType = 'float32'): Label =>
  labelOf(
    shape.map((size) => leaf(size, true)),
    dtype,
  );

/** Signs stay for an odd operation, and are fixed by any other. */
export function signsAfter(label: Label, odd: boolean): readonly Sign[] {
  if (odd) return label.signs;
  fix(...label.signs);
  return label.axes.map(() => FIXED);
}

/** Fixes all that is known of some tensors. */
export function pinLabels(labels: readonly Label[]): void {
  for (const { axes, signs } of labels) {
    pin(...axes);
    fix(...signs);
  }
}

/** One order for the axes of tensors that meet number by number; those of size 1 meet any number. */
export function broadcast(labels: readonly Label[]): { readonly axes: readonly Axis[]; readonly meeting: readonly (readonly Meeting[])[] } {
  const rank = Math.max(...labels.map(({ axes }) => axes.length));
  const meeting = Array.from({ length: rank }, (_, i) =>
    labels.map(({ axes, signs }): Meeting => {
      const place = i - rank + axes.length;
      return { axis: axes[place] ?? UNIT, sign: signs[place] ?? FIXED };
    }),
  );
  const axes = meeting.map((all) => {
    const [first = { axis: UNIT }, ...others] = all.filter(({ axis }) => axis.size !== 1);
    for (const { axis } of others) unify(first.axis, axis);
    return first.axis;
  });
  return { axes, meeting };
}

export interface Meeting {
  readonly axis: Axis;
  readonly sign: Sign;
}
