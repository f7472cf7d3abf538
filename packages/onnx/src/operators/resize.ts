import * as tf from '@tensorflow/tfjs-core';

import { axisOf, type Call, constant, float, input, int, ints, misfit, type Operator, text, unsupported } from '../run/call.js';
import { onDevice, range, shapeOf, sizeOf } from '../run/value.js';
import { multiplyAlong, repeatAlong, takeAlong } from './along.js';

/** `Resize` and its forerunner `Upsample`: nearest, linear and cubic, one axis after the other. */
export const resize: Operator = (call) => {
  const x = onDevice(input(call, 0));
  const shape = shapeOf(x);
  const mode = text(call, 'mode', 'nearest');
  if (!['nearest', 'linear', 'cubic'].includes(mode))
    throw unsupported(call, 'mode nearest, linear or cubic', mode, 'resize in another way');
  if (int(call, 'antialias', 0) === 1) throw unsupported(call, 'resizing without antialias', 'antialias', 'pass antialias=False');
  const policy = text(call, 'keep_aspect_ratio_policy', 'stretch');
  if (policy !== 'stretch') throw unsupported(call, 'keep_aspect_ratio_policy stretch', policy, 'write the sizes');
  const axes = ints(call, 'axes')?.map((axis) => axisOf(call, axis, shape.length)) ?? range(shape.length);
  const { sizes, scales } = targets(call, axes.map((axis) => shape[axis]!)); // prettier-ignore
  if (sizes.length !== axes.length) throw misfit(call, `${sizes.length} axes to resize`, [x]);
  let { tensor } = x;
  axes.forEach((axis, i) => {
    const [side, size, scale] = [shape[axis]!, sizes[i]!, scales[i]!];
    if (size === side && scale === 1) return;
    call.budget('valueSize', Math.max(sizeOf(tensor.shape) / side, 1) * size);
    if (mode !== 'nearest') call.budget('valueSize', side * size); // of the matrix
    tensor = alongAxis(call, tensor, x.axes.indexOf(axis), mode, { side, size, scale });
  });
  return { tensor, axes: x.axes };
};

function targets(call: Call, sides: readonly number[]): { readonly sizes: readonly number[]; readonly scales: readonly number[] } {
  const first = call.opset >= 11 && call.node.operator === 'Resize' ? 2 : 1;
  const given = constant(call, first, 'scales');
  const list = given === undefined ? (call.node.attributes.find(({ name }) => name === 'scales')?.floats ?? []) : Array.from(given.data);
  if (list.length > 0) return { scales: list, sizes: sides.map((side, i) => Math.floor(side * list[i]! + 1e-6)) }; // 1e-6: scales are float32
  const sizes = Array.from(constant(call, first + 1, 'sizes')?.data ?? []);
  return { sizes, scales: sizes.map((size, i) => size / sides[i]!) };
}

interface Axis {
  readonly side: number;
  readonly size: number;
  readonly scale: number;
}

/** Where a place of the result lies in the input. */
function source(call: Call, { side, size, scale }: Axis): (place: number) => number {
  const transformation = text(call, 'coordinate_transformation_mode', call.opset >= 11 && call.node.operator === 'Resize' ? 'half_pixel' : 'asymmetric'); // prettier-ignore
  switch (transformation) {
    case 'half_pixel':
      return (place) => (place + 0.5) / scale - 0.5;
    case 'pytorch_half_pixel':
      return (place) => (size > 1 ? (place + 0.5) / scale - 0.5 : 0);
    case 'align_corners':
      // ONNX's reference places corners by the fractional size, PyTorch and onnxruntime by the whole one.
      if (Math.abs(side * scale - size) > 1e-4 * side) {
        throw unsupported(call, 'whole sizes with align_corners', `scale ${scale} of ${side} pixels`, 'resize to sizes');
      }
      return (place) => (size === 1 ? 0 : (place * (side - 1)) / (size - 1));
    case 'asymmetric':
      return (place) => place / scale;
    case 'half_pixel_symmetric': {
      const offset = (side / 2) * (1 - size / (scale * side));
      return (place) => offset + (place + 0.5) / scale - 0.5;
    }
    default:
      throw unsupported(call, 'a coordinate_transformation_mode of pixels', transformation, 'resize the whole image');
  }
}

function alongAxis(call: Call, x: tf.Tensor, axis: number, mode: string, along: Axis): tf.Tensor {
  const from = source(call, along);
  const { side, size } = along;
  const clamp = (place: number): number => Math.max(0, Math.min(side - 1, place));
  if (mode === 'nearest') {
    const rounded = rounding(
      text(call, 'nearest_mode', call.opset >= 11 && call.node.operator === 'Resize' ? 'round_prefer_floor' : 'floor'),
    );
    const indices = range(size).map((place) => clamp(rounded(from(place))));
    const times = size / side;
    if (Number.isInteger(times) && indices.every((index, i) => index === Math.floor(i / times))) return repeatAlong(x, axis, times);
    return takeAlong(x, axis, indices);
  }
  const matrix = new Float32Array(size * side);
  const coefficients = mode === 'linear' ? linear : cubic(float(call, 'cubic_coeff_a', -0.75));
  const outside = int(call, 'exclude_outside', 0) === 1;
  for (let place = 0; place < size; place++) {
    const at = from(place);
    const inside = mode === 'linear' ? clamp(at) : at;
    const taps = coefficients(inside).map(([tap, weight]): [number, number] => [tap, outside && clamp(tap) !== tap ? 0 : weight]);
    const total = outside ? taps.reduce((sum, [, weight]) => sum + weight, 0) : 1;
    for (const [tap, weight] of taps) matrix[place * side + clamp(tap)]! += weight / total;
  }
  return multiplyAlong(x, axis, tf.tensor2d(matrix, [size, side]));
}

function rounding(mode: string): (place: number) => number {
  if (mode === 'floor') return Math.floor;
  if (mode === 'ceil') return Math.ceil;
  return mode === 'round_prefer_ceil' ? Math.round : (place) => Math.ceil(place - 0.5);
}

type Taps = readonly (readonly [tap: number, weight: number])[];

function linear(at: number): Taps {
  const low = Math.floor(at);
  return [[low, 1 - (at - low)], [low + 1, at - low]]; // prettier-ignore
}

/** Keys' cubic convolution. */
const cubic =
  (a: number) =>
  (at: number): Taps => {
    const low = Math.floor(at);
    const t = at - low;
    const near = (x: number): number => (a + 2) * x ** 3 - (a + 3) * x ** 2 + 1;
    const far = (x: number): number => a * x ** 3 - 5 * a * x ** 2 + 8 * a * x - 4 * a;
    return [[low - 1, far(1 + t)], [low, near(t)], [low + 1, near(1 - t)], [low + 2, far(2 - t)]]; // prettier-ignore
  };
