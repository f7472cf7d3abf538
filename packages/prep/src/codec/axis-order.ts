import * as tf from '@tensorflow/tfjs-core';

import type { ParameterSpec } from '../architecture.js';

/** TensorFlow's axis order → PyTorch's, e.g. HWIO → OIHW; undoes {@link toTensorOrder}. */
export const toTorchOrder = (tensor: tf.Tensor, { tensorAxes }: ParameterSpec): tf.Tensor =>
  tensorAxes === undefined ? tensor : transpose(tensor, inverse(tensorAxes));

/** PyTorch's axis order → TensorFlow's, e.g. OIHW → HWIO; `leading` axes in front (a batch of networks) stay where they are. */
export const toTensorOrder = (tensor: tf.Tensor, { tensorAxes }: ParameterSpec, leading = 0): tf.Tensor =>
  tensorAxes === undefined ? tensor : transpose(tensor, [...Array(leading).keys(), ...tensorAxes.map((axis) => axis + leading)]);

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
