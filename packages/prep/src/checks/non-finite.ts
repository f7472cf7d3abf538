import * as tf from '@tensorflow/tfjs-core';

import type { Instance } from '../architecture.js';
import { NetSpaceError } from '../errors.js';

export type NamedTensor = readonly [name: string, tensor: tf.Tensor];

/** The first number of a tensor that is NaN or infinite. */
export interface NonFinite {
  readonly name: string;
  readonly value: number;
  readonly place: readonly number[];
}

/** One number for each tensor, on the device: 0 if all its numbers are finite, else NaN. `[tensors]` */
export const zeroIfFinite = (tensors: readonly tf.Tensor[]): tf.Tensor1D =>
  tf.tidy(() => tf.stack(tensors.map((tensor) => tf.sum(tf.mul(tensor, 0)))) as tf.Tensor1D); // 0 · x is NaN for NaN and infinities

/** The first NaN or infinity in some tensors. One number is read for each tensor, and all numbers of the first tensor that has one. */
export async function findNonFinite(named: readonly NamedTensor[]): Promise<NonFinite | undefined> {
  const floats = named.filter(([, { dtype, size }]) => dtype === 'float32' && size > 0);
  if (floats.length === 0) return undefined;
  const flags = zeroIfFinite(floats.map(([, tensor]) => tensor));
  const values = await flags.data().finally(() => flags.dispose());
  const [name, tensor] = floats[values.findIndex((value) => value !== 0)] ?? [];
  if (name === undefined || tensor === undefined) return undefined;
  return firstNonFinite(name, await tensor.data<'float32'>(), tensor.shape);
}

/** The first NaN or infinity of a tensor whose numbers were read already. */
export function firstNonFinite(name: string, values: Float32Array, shape: readonly number[]): NonFinite | undefined {
  const index = values.findIndex((value) => !Number.isFinite(value));
  return index < 0 ? undefined : { name, value: values[index]!, place: placeOf(index, shape) };
}

/** The place of an entry in row-major order, one index an axis. */
export const placeOf = (index: number, shape: readonly number[]): readonly number[] =>
  tf.util.indexToLoc(index, shape.length, tf.util.computeStrides([...shape]));

/**
 * Checks that all numbers of tensors are finite; reads one number for each tensor from the device.
 *
 * @throws NetSpaceError `INVALID_OPTION` naming the first NaN or infinity, its tensor and place
 */
export async function checkFiniteTensors(call: string, named: readonly NamedTensor[]): Promise<void> {
  refuseNonFinite(call, await findNonFinite(named));
}

/**
 * Throws if a NaN or an infinity was found.
 *
 * @throws NetSpaceError `INVALID_OPTION` naming its tensor and place
 */
export function refuseNonFinite(call: string, found: NonFinite | undefined): void {
  if (found === undefined) return;
  const { name, value, place } = found;
  const at = place.length === 0 ? '' : ` at [${place.join(', ')}]`;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `${call}: expected finite numbers, got ${value}${at} of ${name}; leave it out, or take weights from before the training diverged`,
  );
}

/**
 * Checks that the weights of networks are finite.
 *
 * @param nameOf the name that the message gives to the network of an index
 * @throws NetSpaceError `INVALID_OPTION` naming the network, the parameter and the place
 */
export const checkFiniteInstances = (
  call: string,
  instances: readonly Instance[],
  nameOf: (index: number) => string = (index) => `instance ${index}`,
): Promise<void> => checkFiniteTensors(call, namedParameters(instances, nameOf));

/** The parameters of networks, with the names that messages give them. */
export const namedParameters = (
  instances: readonly Instance[],
  nameOf: (index: number) => string = (index) => `instance ${index}`,
): readonly NamedTensor[] =>
  instances.flatMap(({ architecture, parameters }, i) =>
    parameters.map((tensor, j): NamedTensor => [`${architecture.parameters[j]?.name ?? j} of ${nameOf(i)}`, tensor]),
  );
