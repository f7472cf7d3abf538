import * as tf from '@tensorflow/tfjs-core';

import { type Call, input, int, ints, misfit, type Operator, text } from '../../run/call.js';
import { channelsLast, onDevice, permuted, range, shapeOf, stored, type Value } from '../../run/value.js';
import { everyAlong, padAlong, padded, sliceAlong } from '../along.js';
import { checkLengths, windowOf } from './window.js';

/** The order in which TensorFlow reads a kernel `[out, in, …pixels]`: `[…pixels, in, out]`. */
export const kernelAxes = (rank: number): number[] => [...range(rank - 2, 2), 1, 0];

/** `Conv`: convolutions of one to three axes, grouped, depthwise, dilated, with any padding. */
export const conv: Operator = (call) => {
  const [x, weight] = [input(call, 0), input(call, 1)];
  const bias = call.inputs[2];
  const [outputs = 0, perGroup = 0, ...kernel] = shapeOf(weight);
  const groups = int(call, 'group', 1);
  if (shapeOf(x)[1] !== perGroup * groups || outputs % groups !== 0) throw misfit(call, `${groups} groups of ${perGroup} channels`, [x, weight]); // prettier-ignore
  const { strides, dilations, pads } = windowOf(call, x, kernel);
  const rank = kernel.length + 2;
  const image = padded(stored(x, channelsLast(rank)), [[0, 0], ...pads, [0, 0]], 0);
  const filter = stored(weight, kernelAxes(rank));
  const result = grouped(image, filter, groups, (part, kernels, depthwise) => convolved(part, kernels, strides, dilations, depthwise));
  return { tensor: withBias(result, bias), axes: channelsLast(rank) };
};

export const withBias = (x: tf.Tensor, bias: Value | undefined): tf.Tensor => (bias === undefined ? x : tf.add(x, onDevice(bias).tensor));

type Convolve = (x: tf.Tensor, filter: tf.Tensor, depthwise: boolean) => tf.Tensor;

/** Convolves each group of channels by itself, all at once if each has one. */
function grouped(x: tf.Tensor, filter: tf.Tensor, groups: number, convolve: Convolve): tf.Tensor {
  if (groups === 1) return convolve(x, filter, false);
  const perGroup = filter.shape.at(-2)!;
  const outputs = filter.shape.at(-1)! / groups;
  if (perGroup === 1 && filter.rank <= 4) {
    return convolve(x, tf.reshape(filter, [...filter.shape.slice(0, -2), groups, outputs]), true); // out is channel · multiplier
  }
  const parts = range(groups).map((group) =>
    convolve(sliceAlong(x, x.rank - 1, group * perGroup, perGroup), sliceAlong(filter, filter.rank - 1, group * outputs, outputs), false),
  );
  return tf.concat(parts, x.rank - 1);
}

/** A convolution without padding, `[batch, …pixels, in]` → `[batch, …pixels, out]`. */
function convolved(
  x: tf.Tensor,
  filter: tf.Tensor,
  strides: readonly number[],
  dilations: readonly number[],
  depthwise: boolean,
): tf.Tensor {
  // prettier-ignore
  if (strides.length === 1) {
    const flat = tf.reshape(x, [x.shape[0]!, 1, x.shape[1]!, x.shape[2]!]);
    const kernel = tf.reshape(filter, [1, ...filter.shape]);
    const result = convolved(flat, kernel, [strides[0]!, strides[0]!], [1, dilations[0]!], depthwise);
    return tf.squeeze(result, [1]);
  }
  if (dilations.some((step) => step > 1)) return dilated(x, filter, strides, dilations, depthwise);
  if (strides.length === 3) return tf.conv3d(x as tf.Tensor5D, filter as tf.Tensor5D, strides as [number, number, number], 'valid');
  const [down, right] = strides as [number, number];
  if (!depthwise) return tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, [down, right], 'valid');
  if (down === right) return tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, down, 'valid');
  // TensorFlow's depthwise convolution steps equally far along both axes.
  const each = tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, 1, 'valid');
  return everyAlong(everyAlong(each, 1, down), 2, right);
}

/**
 * A dilated convolution, as a plain one of each phase of the input: tfjs has no gradients of dilated ones. Phase `i` of an axis is every
 * `dilation`-th pixel from `i` on; the phases run as a larger batch.
 */
function dilated(x: tf.Tensor, filter: tf.Tensor, strides: readonly number[], dilations: readonly number[], depthwise: boolean): tf.Tensor {
  // prettier-ignore
  const [batch, channels] = [x.shape[0]!, x.shape.at(-1)!];
  const sides = x.shape.slice(1, -1);
  const counts = sides.map((side, i) => Math.ceil(side / dilations[i]!));
  const whole = padded(x, [[0, 0], ...sides.map((side, i): [number, number] => [0, counts[i]! * dilations[i]! - side]), [0, 0]], 0);
  const dims = sides.length;
  const split = tf.reshape(whole, [batch, ...counts.flatMap((count, i) => [count, dilations[i]!]), channels]);
  const phases = range(dims).map((i) => 2 + 2 * i);
  const pixels = range(dims).map((i) => 1 + 2 * i);
  const phased = tf.transpose(split, [...phases, 0, ...pixels, 2 * dims + 1]); // [d1, d2, batch, h / d1, w / d2, channels]
  const result = convolved(tf.reshape(phased, [-1, ...counts, channels]), filter, strides.map(() => 1), strides.map(() => 1), depthwise); // prettier-ignore
  const after = result.shape.slice(1, -1);
  const apart = tf.reshape(result, [...dilations, batch, ...after, result.shape.at(-1)!]);
  const order = [dims, ...range(dims).flatMap((i) => [dims + 1 + i, i]), 2 * dims + 1];
  const joined = tf.reshape(tf.transpose(apart, order), [batch, ...after.map((count, i) => count * dilations[i]!), result.shape.at(-1)!]);
  const kernel = filter.shape.slice(0, dims);
  return sides.reduce((t, side, i) => {
    const wanted = side - (kernel[i]! - 1) * dilations[i]!;
    return everyAlong(sliceAlong(t, i + 1, 0, wanted), i + 1, strides[i]!);
  }, joined);
}

/** `ConvTranspose`, as a convolution of the input with zeros between its pixels: its gradients are those of convolutions. */
export const convTranspose: Operator = (call) => {
  const [x, weight] = [input(call, 0), input(call, 1)];
  const [inputs = 0, perGroup = 0, ...kernel] = shapeOf(weight);
  const groups = int(call, 'group', 1);
  const shape = shapeOf(x);
  const dims = kernel.length;
  if (shape[1] !== inputs || shape.length !== dims + 2 || inputs % groups !== 0 || dims > 3 || dims < 1) throw misfit(call, `${inputs} channels`, [x, weight]); // prettier-ignore
  const { strides, dilations, begins, sizes } = transposedWindow(call, shape.slice(2), kernel);
  let image = stored(x, channelsLast(dims + 2)); // [batch, …pixels, in]
  const reach = kernel.map((side, i) => (side - 1) * dilations[i]! + 1);
  const lengths = sizes.map((size, i) => Math.max(size + reach[i]!, shape[i + 2]! * strides[i]!));
  checkLengths(call, { sides: shape.slice(2), kernel, lengths, others: shape[0]! * inputs });
  for (let i = 0; i < dims; i++) {
    image = spread(image, i + 1, strides[i]!);
    const before = reach[i]! - 1 - begins[i]!;
    image = padAlong(image, i + 1, before, sizes[i]! + reach[i]! - 1 - image.shape[i + 1]! - before, 0);
  }
  // [in, out per group, …pixels] → […pixels, in per group, out], turned round.
  const view = stored(weight, kernelAxes(dims + 2)); // […pixels, out per group, in]
  const turned = tf.reverse(view, range(dims));
  const swapped = permuted(turned, [...range(dims), dims + 1, dims]); // […pixels, in, out per group]
  const perInput = inputs / groups;
  const results = range(groups).map((group) =>
    convolved(
      sliceAlong(image, dims + 1, group * perInput, perInput),
      sliceAlong(swapped, dims, group * perInput, perInput),
      strides.map(() => 1),
      dilations,
      false,
    ),
  );
  const result = groups === 1 ? results[0]! : tf.concat(results, dims + 1);
  if (result.shape.at(-1) !== perGroup * groups) throw misfit(call, 'kernels for all groups', [weight]);
  return { tensor: withBias(result, call.inputs[2]), axes: channelsLast(dims + 2) };
};

/** Puts `step - 1` zeros between the places of an axis. */
function spread(x: tf.Tensor, axis: number, step: number): tf.Tensor {
  const side = x.shape[axis]!;
  if (step === 1 || side <= 1) return x;
  const apart = tf.expandDims(x, axis + 1);
  const wide = padAlong(apart, axis + 1, 0, step - 1, 0);
  const joined = tf.reshape(wide, [...x.shape.slice(0, axis), side * step, ...x.shape.slice(axis + 1)]);
  return sliceAlong(joined, axis, 0, (side - 1) * step + 1);
}

function transposedWindow(call: Call, sides: readonly number[], kernel: readonly number[]) {
  const dims = kernel.length;
  const ones = Array<number>(dims).fill(1);
  const strides = ints(call, 'strides') ?? ones;
  const dilations = ints(call, 'dilations') ?? ones;
  const extra = ints(call, 'output_padding') ?? ones.map(() => 0);
  const pads = ints(call, 'pads') ?? [...ones, ...ones].map(() => 0);
  const auto = text(call, 'auto_pad', 'NOTSET');
  const wanted =
    ints(call, 'output_shape')?.slice(-dims) ?? (auto.startsWith('SAME') ? sides.map((side, i) => side * strides[i]!) : undefined);
  const full = sides.map((side, i) => (side - 1) * strides[i]! + (kernel[i]! - 1) * dilations[i]! + 1 + extra[i]!);
  const begins = full.map((size, i) => {
    if (wanted === undefined) return auto === 'VALID' ? 0 : pads[i]!;
    const total = Math.max(0, size - wanted[i]!);
    return auto === 'SAME_UPPER' ? Math.floor(total / 2) : total - Math.floor(total / 2);
  });
  const sizes = wanted ?? full.map((size, i) => size - (auto === 'VALID' ? 0 : pads[i]! + pads[i + dims]!));
  return { strides, dilations, begins, sizes };
}
