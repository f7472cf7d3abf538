import * as tf from '@tensorflow/tfjs-core';

import { parameterCount, tensorShape } from '../architecture.js';
import { checkFits, checkRank, type ParameterLayout } from '../checks/assert.js';
import { toTensorOrder } from './axis-order.js';

/**
 * Reads a network's parameters out of its PRep; see {@link packPRep} for the order.
 *
 * Differentiable: the gradient of the PRep is the parameters' gradients in their places, and zero in the padding.
 *
 * @param prep `[H, W]`
 * @param architecture whose parameters to read
 * @returns one tensor per spec, `tensorShape(spec)` (TensorFlow's axis order)
 * @throws NetSpaceError `SHAPE_MISMATCH` if the PRep is not a matrix or is too small
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { unpackPRep, unresolvedArchitecture } from '@netspace/prep';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const linear = unresolvedArchitecture('linear', [
 *   { name: 'weight', shape: [2, 2], tensorAxes: [1, 0] }, // [out, in] in PyTorch, [in, out] in TensorFlow
 *   { name: 'bias', shape: [2] },
 * ]);
 * const [weight, bias] = unpackPRep(tf.tensor2d([[1, 2, 3, 4], [5, 6, 0, 0]]), linear);
 * console.log(await weight!.array(), await bias!.array()); // [ [ 1, 3 ], [ 2, 4 ] ] [ 5, 6 ]
 * ```
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
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { unpackPReps, unresolvedArchitecture } from '@netspace/prep';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const linear = unresolvedArchitecture('linear', [{ name: 'weight', shape: [2, 3], tensorAxes: [1, 0] }]);
 * const [weights] = unpackPReps(tf.zeros([5, 1, 8]), linear); // five networks
 * console.log(weights!.shape); // [ 5, 3, 2 ]
 * ```
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
