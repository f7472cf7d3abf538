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
  return firstNonFinite(name, tensor, await tensor.data<'float32'>());
}

function firstNonFinite(name: string, { shape }: tf.Tensor, numbers: Float32Array): NonFinite | undefined {
  const index = numbers.findIndex((value) => !Number.isFinite(value));
  if (index < 0) return undefined;
  return { name, value: numbers[index]!, place: tf.util.indexToLoc(index, shape.length, tf.util.computeStrides(shape)) };
}

/** Backends whose tensors lie in this program's memory, so that a look at them waits for no device. */
const AT_HAND: ReadonlySet<string> = new Set(['cpu', 'wasm', 'tensorflow']);

/**
 * Guards what is computed of rows of numbers against a NaN or an infinity that the computation would swallow, as a maximum does.
 *
 * Where tensors lie in this program's memory, such a number is refused at once. Elsewhere a read would wait for the device: there the result
 * of the row becomes NaN, and the first call that reads anyway refuses it. Inside a gradient nothing is looked at, so that a step of training
 * costs no more: training looks where it reads its losses.
 *
 * @param rows `[B, …]`
 * @param named what the rows were made of, to name the number that is none
 * @returns what to add to each row's result, `[B]`: 0, or NaN; undefined if there is nothing to add
 * @throws NetSpaceError `INVALID_OPTION` naming the first NaN or infinity, its tensor and place
 */
export function guardOf(call: string, rows: tf.Tensor, named: () => readonly NamedTensor[]): tf.Tensor1D | undefined {
  if (tf.engine().state.gradientDepth > 0 || rows.size === 0) return undefined;
  const guard = tf.tidy(() => tf.sum<tf.Tensor1D>(tf.mul(rows, 0), [...rows.shape.keys()].slice(1)));
  if (!AT_HAND.has(tf.getBackend())) return guard;
  const sound = guard.dataSync().every((value) => value === 0);
  guard.dispose();
  if (sound) return undefined;
  for (const [name, tensor] of named()) {
    const found = firstNonFinite(name, tensor, tensor.dataSync<'float32'>());
    if (found !== undefined) throw notFinite(call, found);
  }
  throw new NetSpaceError('INVALID_OPTION', `${call}: expected finite numbers, got NaN or an infinity; leave it out or make it anew`);
}

/**
 * Checks that tensors hold numbers; reads one number a tensor from the device.
 *
 * @throws NetSpaceError `INVALID_OPTION` naming the first NaN or infinity, its tensor and place
 */
export async function checkFiniteTensors(call: string, named: readonly NamedTensor[]): Promise<void> {
  const found = await findNonFinite(named);
  if (found !== undefined) throw notFinite(call, found);
}

function notFinite(call: string, { name, value, place }: NonFinite): NetSpaceError {
  const at = place.length === 0 ? '' : ` at [${place.join(', ')}]`;
  return new NetSpaceError(
    'INVALID_OPTION',
    `${call}: expected finite numbers, got ${value}${at} of ${name}; leave it out or make it anew`,
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
