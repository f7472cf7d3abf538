import type * as tf from '@tensorflow/tfjs-core';

import { parameterCount, tensorShape, type Architecture, type Instance, type PRepShape } from './architecture.js';
import { NetSpaceError } from './errors.js';

/** What the codec needs of an architecture: it never runs the network. */
export type ParameterLayout = Pick<Architecture, 'name' | 'parameters'>;

/** Checks that an instance has one tensor per spec, each of the spec's shape in TensorFlow's axis order. */
export function checkInstance(caller: string, { architecture, parameters }: Instance): void {
  const specs = architecture.parameters;
  if (parameters.length !== specs.length) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `${caller}: expected ${specs.length} parameter tensors for ${architecture.name}, got ${parameters.length}; pass one per spec, in order`,
    );
  }
  checkAlive(caller, parameters, (i) => `${specs[i]!.name} of ${architecture.name}`);
  specs.forEach((spec, i) => {
    const expected = tensorShape(spec);
    const got = parameters[i]!.shape;
    if (!equal(got, expected)) {
      throw new NetSpaceError(
        'SHAPE_MISMATCH',
        `${caller}: expected ${spec.name} of ${architecture.name} as [${expected}], got [${got}]; pass it in TensorFlow's axis order`,
      );
    }
  });
}

/**
 * Checks that tensors are float32 and have not been disposed of, which TensorFlow.js answers with errors of its own.
 *
 * @throws NetSpaceError `INVALID_OPTION` naming the first tensor that is not one or is no more, or holds other numbers
 */
export function checkAlive(caller: string, tensors: readonly (tf.Tensor | undefined)[], nameOf: (index: number) => string): void {
  tensors.forEach((tensor, i) => {
    if (tensor?.isDisposed === false && tensor.dtype === 'float32') return;
    const got = tensor?.isDisposed === true ? 'one that was disposed of' : (tensor?.dtype ?? 'something else');
    const remedy = tensor?.isDisposed === true ? 'dispose of it afterwards' : 'cast it, or make one with tf.tensor';
    throw new NetSpaceError('INVALID_OPTION', `${caller}: expected ${nameOf(i)} as a float32 tensor, got ${got}; ${remedy}`);
  });
}

/** Checks that a PRep shape is two positive integers whose product holds all parameters of an architecture. */
export function checkFits(caller: string, layout: ParameterLayout, [height, width]: PRepShape): void {
  if (!(Number.isInteger(height) && height > 0 && Number.isInteger(width) && width > 0)) {
    throw new NetSpaceError('INVALID_OPTION', `${caller}: expected a PRep shape of two positive integers, got ${height}×${width}`);
  }
  const count = parameterCount(layout.parameters);
  if (count > height * width) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `${caller}: expected at most ${height * width} parameters for ${height}×${width}, got ${count} of ${layout.name}; use a taller PRep`,
    );
  }
}

/** Checks a tensor's rank, naming the axes it should have. */
export function checkRank(caller: string, what: string, tensor: tf.Tensor, axes: readonly string[]): void {
  if (tensor.rank !== axes.length) {
    throw new NetSpaceError('SHAPE_MISMATCH', `${caller}: expected ${what} as [${axes.join(', ')}], got [${tensor.shape}]; reshape it`);
  }
}

export const equal = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((size, i) => size === b[i]);
