import * as tf from '@tensorflow/tfjs-core';

import { type Axis, leaf, pin, product } from '../axis.js';
import { broadcast, fix, FIXED, type Label, labelOf, pinLabels, type Sign, sizesOf, tie } from '../label.js';
import { type Attributes, type KernelCall, loseShifts, numberIn, numbersIn, placeOf, type Rule, textIn } from '../tracing.js';
import { takeOuter, unify } from '../unify.js';
import { activated, added } from './elementwise.js';

/** Operations that multiply along an axis and add up, as layers do. */
export const CONTRACTIONS: Readonly<Record<string, Rule>> = {
  BatchMatMul: (call) => matMul(call),
  _FusedMatMul: (call) => fused(call, matMul(call)),
  Conv2D: (call) => convolution(call),
  FusedConv2D: (call) => fused(call, convolution(call)),
  Conv3D: (call) => convolution(call),
  DepthwiseConv2dNative: (call) => depthwise(call),
  FusedDepthwiseConv2D: (call) => fused(call, depthwise(call)),
  Conv2DBackpropInput: (call) => transposed(call),
  Conv3DBackpropInputV2: (call) => transposed(call),
  Einsum: (call) => einsum(call),
};

function matMul({ inputs, attributes, tracing }: KernelCall): Label {
  const [a, b] = [inputs['a']!, inputs['b']!];
  loseShifts(tracing, [a, b]);
  const [rows, inner] = attributes['transposeA'] === true ? [-1, -2] : [-2, -1];
  const [reading, columns] = attributes['transposeB'] === true ? [-1, -2] : [-2, -1];
  for (const [input, place] of [['a', inner], ['b', reading]] as const) read(tracing, input, inputs[input]!, place); // prettier-ignore
  meet(a, inner, b, reading);
  const leading = [a, b].map(({ axes, dtype }) => labelOf(axes.slice(0, -2), dtype)); // no sign changes from one matrix to the next
  for (const { signs } of [a, b]) fix(...signs.slice(0, -2));
  const { axes } = broadcast(leading);
  const signs = [...axes.map(() => FIXED), a.signs.at(rows)!, b.signs.at(columns)!];
  const found = labelOf([...axes, a.axes.at(rows)!, b.axes.at(columns)!], a.dtype, signs);
  return a.parameter === undefined ? { ...found, ...sumsOf(b, columns) } : found;
}

/** The sums of a layer, if it has a parameter as its weight. */
const sumsOf = ({ isWhole, parameter, axes }: Label, units: number): Pick<Label, 'sums'> =>
  isWhole === true ? { sums: { weight: parameter!, weightAxis: units + axes.length } } : {};

/** The axis of one tensor that is contracted with one of another. */
function meet(a: Label, i: number, b: Label, j: number): void {
  unify(a.axes.at(i)!, b.axes.at(j)!);
  tie(a.signs.at(i)!, b.signs.at(j)!);
}

function read(tracing: KernelCall['tracing'], input: string, label: Label, place: number): void {
  const axis = label.axes.at(place)!;
  if (label.parameter !== undefined) return;
  const { calls: call, kernel } = tracing;
  tracing.readings.push({ call, kernel, input, place: placeOf(place, label.axes.length), axis });
}

/** `[kernel…, in, out]` over `[batch, …, in]`; with groups, `in` is one group's. */
function convolution({ kernel, inputs, attributes, tracing }: KernelCall): Label {
  const [x, filter] = [inputs['x']!, inputs['filter']!];
  loseShifts(tracing, [x, filter]);
  const channels = channelPlace(attributes, x);
  read(tracing, 'x', x, channels);
  const outputs = filter.axes.at(-1)!;
  const grouped = x.axes[channels]!.size !== filter.axes.at(-2)!.size;
  if (grouped) return ofGroups(x, filter, outShape(kernel, x, filter, attributes), channels);
  meet(x, channels, filter, -2);
  return {
    ...spatial(x, filter, { channels, shape: outShape(kernel, x, filter, attributes), outputs, sign: filter.signs.at(-1)! }),
    ...sumsOf(filter, -1),
  };
}

function ofGroups(x: Label, filter: Label, shape: readonly number[], channels: number): Label {
  const groups = x.axes[channels]!.size / filter.axes.at(-2)!.size;
  const [before, after] = [takeOuter(x.axes[channels]!, groups), takeOuter(filter.axes.at(-1)!, groups)];
  if (before === undefined || after === undefined) pinLabels([x, filter]);
  else {
    unify(before[0], after[0]);
    unify(before[1], filter.axes.at(-2)!);
  }
  fix(x.signs[channels]!, filter.signs.at(-2)!);
  return spatial(x, filter, { channels, shape, outputs: filter.axes.at(-1)!, sign: filter.signs.at(-1)! });
}

/** `[kernel…, channels, multiplier]`: each channel gives `multiplier` of its own. */
function depthwise({ kernel, inputs, attributes, tracing }: KernelCall): Label {
  const [x, filter] = [inputs['x']!, inputs['filter']!];
  loseShifts(tracing, [x, filter]);
  const channels = channelPlace(attributes, x);
  unify(x.axes[channels]!, filter.axes.at(-2)!);
  fix(x.signs[channels]!, ...filter.signs.slice(-2));
  const outputs = product(filter.axes.at(-2)!, filter.axes.at(-1)!);
  return spatial(x, filter, { channels, shape: outShape(kernel, x, filter, attributes), outputs, sign: FIXED });
}

/** `[kernel…, out, in]` over `[batch, …, in]`, the gradient of a convolution. */
function transposed({ inputs, attributes, tracing }: KernelCall): Label {
  const [x, filter] = [inputs['dy']!, inputs['filter']!];
  loseShifts(tracing, [x, filter]);
  const channels = channelPlace(attributes, x);
  read(tracing, 'dy', x, channels);
  meet(x, channels, filter, -1);
  const shape = numbersIn(attributes, 'inputShape');
  return { ...spatial(x, filter, { channels, shape, outputs: filter.axes.at(-2)!, sign: filter.signs.at(-2)! }), ...sumsOf(filter, -2) };
}

interface Found {
  readonly channels: number;
  readonly shape: readonly number[];
  readonly outputs: Axis;
  readonly sign: Sign;
}

/** Pins what a window moves over. */
function spatial(x: Label, filter: Label, { channels, shape, outputs, sign }: Found): Label {
  const inner = (place: number): boolean => place !== 0 && place !== channels;
  pin(...x.axes.filter((_, place) => inner(place)), ...filter.axes.slice(0, -2));
  fix(...x.signs.filter((_, place) => inner(place)), ...filter.signs.slice(0, -2));
  const axes = shape.map((size, place) => (place === 0 ? x.axes[0]! : place === channels ? outputs : leaf(size, true)));
  return labelOf(
    axes,
    x.dtype,
    axes.map((_, place) => (place === 0 ? x.signs[0]! : place === channels ? sign : FIXED)),
  );
}

function outShape(kernel: string, x: Label, filter: Label, attributes: Attributes): readonly number[] {
  const [strides, pad] = [attributes['strides'] as number, attributes['pad'] as 'same'];
  const dilations = (attributes['dilations'] ?? 1) as number;
  const [from, by] = [sizesOf(x), sizesOf(filter)];
  if (kernel === 'Conv3D') {
    return tf.backend_util.computeConv3DInfo(from as [number, number, number, number, number], by as [number, number, number, number, number], strides, dilations, pad).outShape; // prettier-ignore
  }
  const format = tf.backend_util.convertConv2DDataFormat((attributes['dataFormat'] ?? 'NHWC') as 'NHWC');
  const rounding = attributes['dimRoundingMode'] as 'floor' | undefined;
  return tf.backend_util.computeConv2DInfo(from as [number, number, number, number], by as [number, number, number, number], strides, dilations, pad, rounding, kernel.includes('Depthwise'), format).outShape; // prettier-ignore
}

const channelPlace = (attributes: Attributes, x: Label): number => (attributes['dataFormat'] === 'NCHW' ? 1 : x.axes.length - 1);

/** Bias and activation of a layer that has them in one. */
function fused({ inputs, attributes, tracing }: KernelCall, sums: Label): Label {
  const bias = inputs['bias'];
  const shifted = bias === undefined ? sums : added([sums, bias], tracing);
  const slopes = inputs['preluActivationWeights'];
  if (slopes !== undefined) {
    loseShifts(tracing, [slopes]);
    fix(...slopes.signs);
    broadcast([shifted, slopes]);
  }
  return activated(shifted, attributes['activation'], tracing);
}

function einsum({ list, attributes, tracing }: KernelCall): Label {
  loseShifts(tracing, list);
  const [left = '', right = ''] = textIn(attributes, 'equation').replaceAll(' ', '').split('->');
  const terms = left.split(',');
  const meeting = new Map<string, { axis: Axis; sign: Sign; count: number }>();
  terms.forEach((term, i) =>
    term.split('').forEach((letter, place) => {
      const { axes, signs } = list[i]!;
      if (!right.includes(letter)) read(tracing, String(i), list[i]!, place);
      const before = meeting.get(letter);
      if (before === undefined) meeting.set(letter, { axis: axes[place]!, sign: signs[place]!, count: 1 });
      else {
        unify(before.axis, axes[place]!);
        tie(before.sign, signs[place]!);
        before.count++;
      }
    }),
  );
  // What is summed in one tensor alone, or kept of two, has no sign left to change.
  for (const [letter, { sign, count }] of meeting) if (count + Number(right.includes(letter)) !== 2) fix(sign);
  const kept = right.split('').map((letter) => meeting.get(letter)!);
  return labelOf(
    kept.map(({ axis }) => axis),
    list[0]!.dtype,
    kept.map(({ sign }) => sign),
  );
}

export const poolShape = (kernel: string, x: Label, attributes: Attributes): readonly number[] => {
  const [filter, strides, pad] = [attributes['filterSize'] as number, attributes['strides'] as number, attributes['pad'] as 'same'];
  const rounding = attributes['dimRoundingMode'] as 'floor' | undefined;
  return kernel.endsWith('3D')
    ? tf.backend_util.computePool3DInfo(sizesOf(x) as [number, number, number, number, number], filter, strides, 1, pad, rounding).outShape
    : tf.backend_util.computePool2DInfo(sizesOf(x) as [number, number, number, number], filter, strides, 1, pad, rounding).outShape;
};

export const axisIn = (attributes: Attributes, rank: number): number => {
  const axis = numberIn(attributes, 'axis');
  return axis < 0 ? axis + rank : axis;
};
