import * as tf from '@tensorflow/tfjs-core';

import { type Call, input, int, ints, type Operator, unsupported } from '../../run/call.js';
import { channelsLast, kindOf, onDevice, range, shapeOf, stored, type Value } from '../../run/value.js';
import { everyAlong, padAlong, padded, sliceAlong } from '../along.js';
import { toKind } from '../elementwise.js';
import { onView } from '../reduce.js';
import { type Window, windowOf } from './window.js';

/** Pads an image `[batch, …pixels, channels]` as far as the windows reach. */
function covered(x: tf.Tensor, { kernel, strides, dilations, pads, pixels }: Window, value: number): tf.Tensor {
  const reached = padded(x, [[0, 0], ...pads, [0, 0]], value);
  // With ceil_mode the last window may reach further than the padding.
  return pixels.reduce((t, count, i) => {
    const missing = (count - 1) * strides[i]! + (kernel[i]! - 1) * dilations[i]! + 1 - t.shape[i + 1]!;
    return missing > 0 ? padAlong(t, i + 1, 0, missing, value) : t;
  }, reached);
}

type Kind = 'max' | 'avg';

function pooled(x: tf.Tensor, window: Window, kind: Kind): tf.Tensor {
  const { kernel, strides, dilations, pixels } = window;
  if (dilations.some((step) => step > 1)) return pooledWithGaps(x, window, kind);
  const cut = (t: tf.Tensor): tf.Tensor => tf.slice(t, Array<number>(t.rank).fill(0), [t.shape[0]!, ...pixels, t.shape.at(-1)!]);
  if (kernel.length === 3) {
    const pool = kind === 'max' ? tf.maxPool3d : tf.avgPool3d;
    return cut(pool(x as tf.Tensor5D, kernel as [number, number, number], strides as [number, number, number], 'valid'));
  }
  const flat = kernel.length === 1;
  const image = flat ? tf.reshape(x, [x.shape[0]!, 1, x.shape[1]!, x.shape[2]!]) : x;
  const [size, step] = flat ? [[1, kernel[0]!], [1, strides[0]!]] : [kernel, strides]; // prettier-ignore
  const pool = kind === 'max' ? tf.maxPool : tf.avgPool;
  const result = pool(image as tf.Tensor4D, size as [number, number], step as [number, number], 'valid');
  return cut(flat ? tf.squeeze(result, [1]) : result);
}

/** Pools place by place of the window, which may have gaps: TensorFlow's pooling has none. */
function pooledWithGaps(x: tf.Tensor, { kernel, strides, dilations, pixels }: Window, kind: Kind): tf.Tensor {
  const places = kernel.reduce<number[][]>((all, side) => all.flatMap((place) => range(side).map((i) => [...place, i])), [[]]);
  const parts = places.map((place) =>
    place.reduce((t, i, axis) => {
      const reach = (pixels[axis]! - 1) * strides[axis]! + 1;
      return everyAlong(sliceAlong(t, axis + 1, i * dilations[axis]!, reach), axis + 1, strides[axis]!);
    }, x),
  );
  const all = parts.reduce((a, b) => (kind === 'max' ? tf.maximum(a, b) : tf.add(a, b)));
  return kind === 'max' ? all : tf.div(all, places.length);
}

const poolWindow = (call: Call, x: Value): Window => windowOf(call, x, ints(call, 'kernel_shape') ?? []);

/** Lower than any activation, and finite: the gradient of an infinity's padding is NaN on some backends. */
const LOWEST = -3e38;

const maxPool: Operator = (call) => {
  const x = input(call, 0);
  if (call.node.outputs[1]) throw unsupported(call, 'the largest values alone', 'their places too', 'use return_indices=False');
  const window = poolWindow(call, x);
  const axes = channelsLast(shapeOf(x).length);
  const image = stored(toKind(x, 'float32'), axes); // wasm pools no integers
  return toKind({ tensor: pooled(covered(image, window, LOWEST), window, 'max'), axes }, kindOf(x));
};

const averagePool: Operator = (call) => {
  const x = input(call, 0);
  const window = poolWindow(call, x);
  const axes = channelsLast(shapeOf(x).length);
  const image = stored(x, axes);
  for (const [i, count] of window.pixels.entries()) call.budget('valueSize', count * window.kernel[i]!); // places that are looked at below
  const averages = pooled(covered(image, window, 0), window, 'avg');
  const share = coveredShare(shapeOf(x).slice(2), window, int(call, 'count_include_pad', 0) === 1);
  return { tensor: share === undefined ? averages : tf.div(averages, share), axes };
};

/** What part of each window counts, `[1, …pixels, 1]`; nothing if all windows count whole. */
function coveredShare(
  sides: readonly number[],
  { kernel, strides, dilations, pads, pixels }: Window,
  withPads: boolean,
): tf.Tensor | undefined {
  const shares = sides.map((side, i) => {
    const [from, to] = withPads ? [0, side + pads[i]![0] + pads[i]![1]] : [pads[i]![0], pads[i]![0] + side];
    return range(pixels[i]!).map((place) => {
      const taps = range(kernel[i]!).map((tap) => place * strides[i]! + tap * dilations[i]!);
      return taps.filter((tap) => tap >= from && tap < to).length / kernel[i]!;
    });
  });
  if (shares.flat().every((share) => share === 1)) return undefined;
  return shares.reduce<tf.Tensor>((t, share, i) => {
    const shape = Array<number>(sides.length + 2).fill(1);
    shape[i + 1] = share.length;
    return tf.mul(t, tf.tensor(share, shape));
  }, tf.scalar(1));
}

const over =
  (reduce: (x: tf.Tensor, axes: number[], keep: boolean) => tf.Tensor): Operator =>
  (call) => {
    const x = onDevice(input(call, 0));
    return onView(x, range(x.axes.length - 2, 2), true, reduce);
  };

const lpNorm =
  (p: number) =>
  (x: tf.Tensor, axes: number[], keep: boolean): tf.Tensor =>
    tf.pow(tf.sum(tf.pow(tf.abs(x), p), axes, keep), 1 / p);

export const POOLS: Readonly<Record<string, Operator>> = {
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalAveragePool: over(tf.mean),
  GlobalMaxPool: over(tf.max),
  GlobalLpPool: (call) => over(lpNorm(int(call, 'p', 2)))(call),
};
