import * as tf from '@tensorflow/tfjs-core';

import { parameterCount, tensorShape, type Architecture, type Instance, type PRepShape } from '../architecture.js';
import { NetSpaceError } from '../errors.js';
import { show } from '../options/options.js';

/** What the codec needs of an architecture: it never runs the network. */
export type ParameterLayout = Pick<Architecture, 'name' | 'parameters'>;

/** Checks that a value is a list of networks. A JavaScript caller may pass a single network, or the records of a store. */
export function checkInstances(caller: string, given: unknown): void {
  if (!Array.isArray(given)) {
    throw new NetSpaceError('INVALID_OPTION', `${caller}: expected a list of instances, got ${show(given)}; write [instance] for one`);
  }
  for (const [i, instance] of given.entries()) checkIsInstance(caller, instance, ` at place ${i} of the list`);
}

function checkIsInstance(caller: string, given: unknown, place = ''): void {
  if (isInstance(given)) return;
  const nested = typeof given === 'object' && given !== null && 'instance' in given && isInstance(given.instance);
  throw new NetSpaceError(
    'INVALID_OPTION',
    `${caller}: expected an instance, { architecture, parameters }${place}, got ${nested ? 'an object that holds one; take its `instance`' : show(given)}`,
  );
}

const isInstance = (given: unknown): given is Instance =>
  typeof given === 'object' && given !== null && 'architecture' in given && 'parameters' in given;

/** Checks that an instance has one tensor per spec, each of the spec's shape in TensorFlow's axis order. */
export function checkInstance(caller: string, instance: Instance): void {
  checkIsInstance(caller, instance);
  const { architecture, parameters } = instance;
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
 * Checks that tensors are float32 and not disposed of. TensorFlow.js itself would answer with an error that names no argument.
 *
 * @throws NetSpaceError `INVALID_OPTION` naming the first value that is no tensor, is disposed of, or is not float32
 */
export function checkAlive(caller: string, tensors: readonly (tf.Tensor | undefined)[], nameOf: (index: number) => string): void {
  tensors.forEach((tensor, i) => {
    if (tensor?.isDisposed === false && tensor.dtype === 'float32') return;
    const got = tensor?.isDisposed === true ? 'one that was disposed of' : (tensor?.dtype ?? 'something else');
    const remedy = tensor?.isDisposed === true ? 'dispose of it after this call' : 'cast it, or make one with tf.tensor';
    throw new NetSpaceError('INVALID_OPTION', `${caller}: expected ${nameOf(i)} as a float32 tensor, got ${got}; ${remedy}`);
  });
}

/** Checks that a PRep shape is two positive integers whose product holds all parameters of an architecture. */
export function checkFits(caller: string, layout: ParameterLayout, shape: PRepShape): void {
  const sides: unknown = shape;
  if (!(Array.isArray(sides) && sides.length === 2 && sides.every((side) => Number.isInteger(side) && (side as number) > 0))) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `${caller}: expected a PRep shape as [height, width] in positive integers, such as [8, 400], got ${show(sides)}`,
    );
  }
  const [height, width] = shape;
  const count = parameterCount(layout.parameters);
  if (count > height * width) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `${caller}: expected at most ${height * width} parameters for ${height}×${width}, got ${count} of ${layout.name}; use a taller PRep`,
    );
  }
}

/** Checks that a TensorFlow.js backend was imported. `@tensorflow/tfjs-core` alone has none, and its error does not say what to do. */
export function checkBackend(caller: string): void {
  if (tf.engine().backendNames().length > 0) return;
  throw new NetSpaceError(
    'UNAVAILABLE',
    `${caller}: expected a TensorFlow.js backend, got none; import '@tensorflow/tfjs' first, or call selectRuntime() of @netspace/node`,
  );
}

/** Checks that a value is the bytes of a file. A JavaScript caller may pass its path, or the ArrayBuffer of a response. */
export function checkBytes(caller: string, bytes: unknown): void {
  if (bytes instanceof Uint8Array) return;
  const remedy = bytes instanceof ArrayBuffer ? 'wrap it in new Uint8Array(buffer)' : 'read the file first';
  const got = bytes instanceof ArrayBuffer ? 'an ArrayBuffer' : show(bytes);
  throw new NetSpaceError('INVALID_OPTION', `${caller}: expected the bytes of a file as a Uint8Array, got ${got}; ${remedy}`);
}

/** Checks a tensor's rank, naming the axes it should have. */
export function checkRank(caller: string, what: string, tensor: tf.Tensor, axes: readonly string[]): void {
  if (tensor.rank !== axes.length) {
    throw new NetSpaceError('SHAPE_MISMATCH', `${caller}: expected ${what} as [${axes.join(', ')}], got [${tensor.shape}]; reshape it`);
  }
}

export const equal = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((size, i) => size === b[i]);
