import * as tf from '@tensorflow/tfjs-core';

import { parameterCount, type Instance, type PRepShape } from '../architecture.js';
import { checkFits, checkInstance, checkInstances } from '../checks/assert.js';
import { toTorchOrder } from './axis-order.js';
import { NetSpaceError } from '../errors.js';

/**
 * Writes a network's parameters into one matrix, its PRep.
 *
 * The order, defined here for all packages: the parameters in the architecture's order (PyTorch's: a weight, then its
 * bias), each flattened row-major with its axes in PyTorch's order (convolutions `[out, in, h, w]`, linear layers
 * `[out, in]`), one after the other; the sequence fills the matrix row by row and zeros follow the last parameter. Values
 * are copied exactly. Differentiable in the parameters.
 *
 * @param instance one tensor per spec, axes in TensorFlow's order
 * @param shape `[H, W]`
 * @returns `[H, W]`
 * @throws NetSpaceError `SHAPE_MISMATCH` if a parameter is missing or has another shape than its spec, or if the PRep is
 *   too small; `INVALID_OPTION` if the shape is not two positive integers, or the instance none
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { packPRep, unresolvedArchitecture } from '@netspace/prep';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const linear = unresolvedArchitecture('linear', [
 *   { name: 'weight', shape: [2, 2], tensorAxes: [1, 0] }, // [out, in] in PyTorch, [in, out] in TensorFlow
 *   { name: 'bias', shape: [2] },
 * ]);
 * const parameters = [tf.tensor2d([[1, 3], [2, 4]]), tf.tensor1d([5, 6])];
 * const prep = packPRep({ architecture: linear, parameters }, [2, 4]);
 * console.log(await prep.array()); // [ [ 1, 2, 3, 4 ], [ 5, 6, 0, 0 ] ]
 * ```
 * @see Berardi et al., "Learning the Space of Deep Models", section III-A
 */
export function packPRep(instance: Instance, shape: PRepShape): tf.Tensor2D {
  checkInstance('packPRep', instance);
  checkFits('packPRep', instance.architecture, shape);
  return pack(instance, shape);
}

/**
 * Writes several networks' parameters, of any architectures, into one batch of PReps; see {@link packPRep} for the order.
 *
 * @param instances at least one
 * @param shape `[H, W]`, the same for all
 * @returns `[B, H, W]`
 * @throws NetSpaceError as {@link packPRep}; `INVALID_OPTION` without a list of instances
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { packPReps, unresolvedArchitecture } from '@netspace/prep';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const [small, large] = [1, 3].map((size) => unresolvedArchitecture(`bias${size}`, [{ name: 'bias', shape: [size] }]));
 * const preps = packPReps(
 *   [
 *     { architecture: small!, parameters: [tf.tensor1d([1])] },
 *     { architecture: large!, parameters: [tf.tensor1d([2, 3, 4])] },
 *   ],
 *   [1, 4],
 * );
 * console.log(await preps.array()); // [ [ [ 1, 0, 0, 0 ] ], [ [ 2, 3, 4, 0 ] ] ]
 * ```
 */
export function packPReps(instances: readonly Instance[], shape: PRepShape): tf.Tensor3D {
  checkInstances('packPReps', instances);
  if (instances.length === 0) throw new NetSpaceError('INVALID_OPTION', 'packPReps: expected at least one instance, got none');
  for (const instance of instances) {
    checkInstance('packPReps', instance);
    checkFits('packPReps', instance.architecture, shape);
  }
  return tf.tidy(() => tf.stack(instances.map((instance) => pack(instance, shape))) as tf.Tensor3D); // [B, H, W]
}

const pack = ({ architecture, parameters }: Instance, [height, width]: PRepShape): tf.Tensor2D =>
  tf.tidy(() => {
    const flat = parameters.map((tensor, i) => tf.reshape<tf.Rank.R1>(toTorchOrder(tensor, architecture.parameters[i]!), [-1]));
    const padding = height * width - parameterCount(architecture.parameters);
    if (padding > 0) flat.push(tf.zeros([padding]));
    return tf.reshape(tf.concat(flat), [height, width]); // [H·W] → [H, W]
  });
