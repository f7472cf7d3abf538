import * as tf from '@tensorflow/tfjs-core';

import type { Instance } from './architecture.js';
import { NetSpaceError } from './errors.js';

export type NamedTensor = readonly [name: string, tensor: tf.Tensor];

/** The first number of a tensor that is none. */
export interface NonFinite {
  readonly name: string;
  readonly value: number;
  readonly place: readonly number[];
}

/** A number each, on the device: 0 if a tensor's numbers are all finite, else NaN. `[tensors]` */
export const zeroIfFinite = (tensors: readonly tf.Tensor[]): tf.Tensor1D =>
  tf.tidy(() => tf.stack(tensors.map((tensor) => tf.sum(tf.mul(tensor, 0)))) as tf.Tensor1D); // 0 · x is NaN for NaN and infinities

/** The first number that is none in some tensors; one number a tensor is read, and all of one tensor where there is such a number. */
export async function findNonFinite(named: readonly NamedTensor[]): Promise<NonFinite | undefined> {
  const floats = named.filter(([, { dtype, size }]) => dtype === 'float32' && size > 0);
  if (floats.length === 0) return undefined;
  const flags = zeroIfFinite(floats.map(([, tensor]) => tensor));
  const values = await flags.data().finally(() => flags.dispose());
  const [name, tensor] = floats[values.findIndex((value) => value !== 0)] ?? [];
  if (name === undefined || tensor === undefined) return undefined;
  return firstNonFinite(name, await tensor.data<'float32'>(), tensor.shape);
}

/** The first of a tensor's numbers, which were read already, that is none. */
export function firstNonFinite(name: string, values: Float32Array, shape: readonly number[]): NonFinite | undefined {
  const index = values.findIndex((value) => !Number.isFinite(value));
  return index < 0 ? undefined : { name, value: values[index]!, place: placeOf(index, shape) };
}

/** The place of an entry in row-major order, one index an axis. */
export const placeOf = (index: number, shape: readonly number[]): readonly number[] =>
  tf.util.indexToLoc(index, shape.length, tf.util.computeStrides([...shape]));

/**
 * Checks that tensors hold numbers; reads one number a tensor from the device.
 *
 * @throws NetSpaceError `INVALID_OPTION` naming the first NaN or infinity, its tensor and place
 */
export async function checkFiniteTensors(call: string, named: readonly NamedTensor[]): Promise<void> {
  refuseNonFinite(call, await findNonFinite(named));
}

/**
 * Refuses a number that is none, if one was found.
 *
 * @throws NetSpaceError `INVALID_OPTION` naming its tensor and place
 */
export function refuseNonFinite(call: string, found: NonFinite | undefined): void {
  if (found === undefined) return;
  const { name, value, place } = found;
  const at = place.length === 0 ? '' : ` at [${place.join(', ')}]`;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `${call}: expected finite numbers, got ${value}${at} of ${name}; leave it out, or take what was before the training diverged`,
  );
}

/**
 * Checks that the weights of networks are numbers.
 *
 * @param nameOf what the message calls the network of an index
 * @throws NetSpaceError `INVALID_OPTION` naming the network, the parameter and the place
 */
export const checkFiniteInstances = (
  call: string,
  instances: readonly Instance[],
  nameOf: (index: number) => string = (index) => `instance ${index}`,
): Promise<void> => checkFiniteTensors(call, namedParameters(instances, nameOf));

/** The parameters of networks, with the names that messages call them. */
export const namedParameters = (
  instances: readonly Instance[],
  nameOf: (index: number) => string = (index) => `instance ${index}`,
): readonly NamedTensor[] =>
  instances.flatMap(({ architecture, parameters }, i) =>
    parameters.map((tensor, j): NamedTensor => [`${architecture.parameters[j]?.name ?? j} of ${nameOf(i)}`, tensor]),
  );
