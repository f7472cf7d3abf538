import * as tf from '@tensorflow/tfjs-core';

import type { FlattenedAxis, ParameterSpec } from '../architecture.js';

/** TensorFlow's order → PyTorch's, e.g. HWIO → OIHW; undoes {@link toTensorOrder}. */
export function toTorchOrder(tensor: tf.Tensor, { tensorAxes, flattened = [] }: ParameterSpec): tf.Tensor {
  const transposed = tensorAxes === undefined ? tensor : transpose(tensor, inverse(tensorAxes));
  return flattened.reduce((x, axis) => regroup(x, axis, 0, ([channels, pixels]) => [pixels, channels]), transposed);
}

/** PyTorch's order → TensorFlow's, e.g. OIHW → HWIO; `leading` axes in front (a batch of networks) stay where they are. */
export function toTensorOrder(tensor: tf.Tensor, { tensorAxes, flattened = [] }: ParameterSpec, leading = 0): tf.Tensor {
  const regrouped = flattened.reduce((x, axis) => regroup(x, axis, leading, (part) => part), tensor);
  return tensorAxes === undefined
    ? regrouped
    : transpose(regrouped, [...Array(leading).keys(), ...tensorAxes.map((axis) => axis + leading)]);
}

/** Swaps channels and pixels along one axis, in each of its parts. `sides` gives the two sizes of a part before the swap. */
function regroup(
  x: tf.Tensor,
  { axis, parts }: FlattenedAxis,
  leading: number,
  sides: (part: FlattenedAxis['parts'][number]) => readonly [number, number],
): tf.Tensor {
  const at = axis + leading;
  const [before, after] = [x.shape.slice(0, at), x.shape.slice(at + 1)];
  const outer = tf.util.sizeFromShape(before);
  const swap = (part: tf.Tensor, [slow, fast]: readonly [number, number]): tf.Tensor =>
    slow === 1 || fast === 1
      ? part
      : tf.reshape(transpose(tf.reshape(part, [outer, slow, fast, -1]), [0, 2, 1, 3]), [...before, slow * fast, ...after]);
  if (x.size === 0) return x;
  const sizes = parts.map(([channels, pixels]) => channels * pixels);
  if (parts.length > 1) return tf.concat(tf.split(x, sizes, at).map((piece, i) => swap(piece, sides(parts[i]!))), at); // prettier-ignore
  // tfjs cannot differentiate a split into one. The wasm backend uses a bias with the shape that it had before a reshape, so the slice
  // copies it.
  return tf.slice(swap(x, sides(parts[0]!)), Array<number>(x.rank).fill(0));
}

/** An empty tensor has nothing to move, and the wasm backend divides by its size. */
const transpose = (tensor: tf.Tensor, axes: number[]): tf.Tensor =>
  tensor.size === 0
    ? tf.reshape(
        tensor,
        axes.map((axis) => tensor.shape[axis]!),
      )
    : tf.transpose(tensor, axes);

const inverse = (axes: readonly number[]): number[] => {
  const result = Array<number>(axes.length);
  axes.forEach((axis, position) => (result[axis] = position));
  return result;
};
