import * as tf from '@tensorflow/tfjs-core';

import { parameterCount, tensorShape } from '../architecture.js';
import { checkFits, checkRank, type ParameterLayout } from '../assert.js';
import { toTensorOrder } from './axis-order.js';

/**
 * Reads a network's parameters back out of its PRep; see `packPRep` for the order.
 *
 * Differentiable: the gradient of the PRep is the parameters' gradients in their places, and zero in the padding.
 *
 * @param prep `[H, W]`
 * @param architecture whose parameters to read
 * @returns one tensor per spec, `tensorShape(spec)` (TensorFlow's axis order)
 * @throws NetSpaceError `SHAPE_MISMATCH` if the PRep is not a matrix or is too small
 */
export function unpackPRep(prep: tf.Tensor2D, architecture: ParameterLayout): tf.Tensor[] {
  checkRank('unpackPRep', 'a PRep', prep, ['H', 'W']);
  checkFits('unpackPRep', architecture, prep.shape);
  return unpack(prep, architecture, []);
}

/**
 * Reads the parameters of K networks of one architecture out of their PReps, for `applyMany`.
 *
 * @param preps `[K, H, W]`
 * @param architecture whose parameters to read
 * @returns one tensor per spec, `[K, ...tensorShape(spec)]` (TensorFlow's axis order)
 * @throws NetSpaceError `SHAPE_MISMATCH` if the PReps are not a batch of matrices or are too small
 */
export function unpackPReps(preps: tf.Tensor3D, architecture: ParameterLayout): tf.Tensor[] {
  checkRank('unpackPReps', 'PReps', preps, ['K', 'H', 'W']);
  const [count, height, width] = preps.shape;
  checkFits('unpackPReps', architecture, [height, width]);
  return unpack(preps, architecture, [count]);
}

function unpack(preps: tf.Tensor, { parameters }: ParameterLayout, leading: readonly number[]): tf.Tensor[] {
  return tf.tidy(() => {
    const flat = tf.reshape(preps, [...leading, -1]); // [H·W] or [K, H·W]
    const places = flat.shape[leading.length] ?? 0;
    const filled = parameters.map((spec) => parameterCount([spec])).filter((size) => size > 0); // backends disagree on empty slices
    const padding = places - filled.reduce((sum, size) => sum + size, 0);
    // One split, whose gradient is one concat: a slice per parameter would pad every gradient to the size of the PRep.
    const sizes = padding > 0 ? [...filled, padding] : filled;
    const pieces = sizes.length === 1 ? [flat] : tf.split(flat, sizes, leading.length); // tfjs cannot differentiate a split into one
    let next = 0;
    return parameters.map((spec) => {
      if (parameterCount([spec]) === 0) return tf.zeros([...leading, ...tensorShape(spec)]);
      return toTensorOrder(tf.reshape(pieces[next++]!, [...leading, ...spec.shape]), spec, leading.length);
    });
  });
}
