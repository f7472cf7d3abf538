import * as tf from '@tensorflow/tfjs-core';

import { leaf, pin } from '../axis.js';
import { fix, FIXED, type Label, labelOf, sizesOf } from '../label.js';
import { type DataType, type KernelCall, loseShifts, numberIn, type Rule } from '../tracing.js';
import { axisIn, poolShape } from './contractions.js';

/** Operations that put numbers along an axis together, or look at their places. */
export const windowRules = (): Readonly<Record<string, Rule>> => ({
  ...Object.fromEntries(['Sum', 'Mean', 'Max', 'Min', 'Prod', 'All', 'Any'].map((kernel) => [kernel, reduced])),
  ArgMax: (call) => ({ ...placesAlong(call), dtype: 'int32' }),
  ArgMin: (call) => ({ ...placesAlong(call), dtype: 'int32' }),
  AvgPool: (call) => pooled(call, true),
  AvgPool3D: (call) => pooled(call, true),
  MaxPool: (call) => pooled(call, false),
  MaxPool3D: (call) => pooled(call, false),
  Cumsum: (call) => inOrder(call, [axisIn(call.attributes, call.list[0]!.axes.length)]),
  Cumprod: (call) => inOrder(call, [axisIn(call.attributes, call.list[0]!.axes.length)]),
  Reverse: (call) => inOrder(call, tf.util.parseAxisParam(call.attributes['dims'] as number[], sizesOf(call.list[0]!))),
  OneHot: ({ list: [x], attributes, tracing }) => {
    loseShifts(tracing, [x!]);
    fix(...x!.signs);
    return labelOf([...x!.axes, leaf(numberIn(attributes, 'depth'), true)], attributes['dtype'] as DataType);
  },
  ResizeBilinear: resized,
  ResizeNearestNeighbor: resized,
});

/** Along an axis that goes, any order gives the same. */
function reduced({ kernel, list: [x], attributes, tracing }: KernelCall): Label {
  loseShifts(tracing, [x!]);
  const { axes, signs } = x!;
  const gone = new Set(tf.util.parseAxisParam((attributes['reductionIndices'] ?? attributes['axis']) as number[], sizesOf(x!)));
  const linear = kernel === 'Sum' || kernel === 'Mean';
  fix(...signs.filter((_, place) => gone.has(place) || !linear));
  const places = axes.map((_, place) => place).filter((place) => attributes['keepDims'] === true || !gone.has(place));
  return labelOf(
    places.map((place) => (gone.has(place) ? leaf(1) : axes[place]!)),
    x!.dtype,
    places.map((place) => (gone.has(place) || !linear ? FIXED : signs[place]!)),
  );
}

/** Which place has the greatest number: the places have to stay. */
function placesAlong({ list: [x], attributes, tracing }: KernelCall): Label {
  loseShifts(tracing, [x!]);
  const axis = axisIn(attributes, x!.axes.length);
  pin(x!.axes[axis]!);
  fix(...x!.signs);
  return labelOf(x!.axes.filter((_, place) => place !== axis));
}

function pooled({ kernel, list: [x], attributes, tracing }: KernelCall, linear: boolean): Label {
  loseShifts(tracing, [x!]);
  return overImage(x!, poolShape(kernel, x!, attributes), linear);
}

function resized({ list: [x], attributes, tracing }: KernelCall): Label {
  loseShifts(tracing, [x!]);
  const [batch, , , channels] = sizesOf(x!);
  return overImage(x!, [batch!, ...(attributes['size'] as [number, number]), channels!], true);
}

function overImage(x: Label, shape: readonly number[], linear: boolean): Label {
  const last = x.axes.length - 1;
  pin(...x.axes.slice(1, -1));
  fix(...(linear ? x.signs.slice(1, -1) : x.signs));
  return labelOf(
    shape.map((size, place) => (place === 0 || place === last ? x.axes[place]! : leaf(size, true))),
    x.dtype,
    shape.map((_, place) => (linear && (place === 0 || place === last) ? x.signs[place]! : FIXED)),
  );
}

/** Something that goes along an axis step by step. */
function inOrder({ list: [x], tracing }: KernelCall, places: readonly number[]): Label {
  loseShifts(tracing, [x!]);
  pin(...places.map((place) => x!.axes[place]!));
  fix(...x!.signs);
  return labelOf(x!.axes, x!.dtype);
}
