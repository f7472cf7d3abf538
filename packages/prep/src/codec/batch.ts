import type * as tf from '@tensorflow/tfjs-core';

import { parameterCount, type Architecture, type Instance, type PRepShape } from '../architecture.js';
import { checkInstances } from '../checks/assert.js';
import { NetSpaceError } from '../errors.js';
import { prepShape } from '../options/option-kinds.js';
import { type GivenBy, objectOf, parseOptions, type UsedBy, valueOf } from '../options/options.js';
import { packPReps } from './pack.js';

/** PReps of several networks, with the architecture of each and the number of rows that hold parameters. */
export interface PRepBatch {
  /** `[B, H, W]`; the code that made the batch disposes of it. */
  readonly preps: tf.Tensor3D;
  /** B numbers: the index of each network's architecture. */
  readonly classIds: readonly number[];
  /** B numbers: how many rows of each PRep, from the top, hold parameters; all rows below are zero. */
  readonly usedRows: readonly number[];
}

/** See {@link PackBatchOptions}. */
export const packBatchOptions = objectOf({
  /** `[H, W]` */
  shape: prepShape,
  /** The architectures, in the order of their ClassIds. In a space this is `space.architectures`. */
  architectures: valueOf<readonly Pick<Architecture, 'name'>[]>(
    'a list of architectures',
    (value) => Array.isArray(value) && value.every((one) => typeof (one as { readonly name?: unknown } | null)?.name === 'string'),
  ),
});

/** Options of {@link packBatch}. */
export interface PackBatchOptions extends GivenBy<typeof packBatchOptions> {}

/**
 * Packs networks into one batch of PReps, with their ClassIds and used rows; see `packPRep` for the order of the numbers.
 *
 * Differentiable in the parameters.
 *
 * @param instances at least one, of the architectures given
 * @returns PReps `[B, H, W]`, which the caller disposes of (`batch.preps.dispose()`), B ClassIds and B counts of rows
 * @throws NetSpaceError `NOT_FOUND` if an instance is of none of the architectures, `INVALID_OPTION` for options that are unknown or
 *   missing; as `packPReps` otherwise
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { packBatch, requiredPRepShape, type Architecture } from '@netspace/prep';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const line: Architecture = { name: 'line', parameters: [{ name: 'w', shape: [3] }], apply: ([w], x) => tf.mul(w!, x) };
 * const batch = packBatch([{ architecture: line, parameters: [tf.ones([3])] }], {
 *   shape: requiredPRepShape(line, { width: 8 }), // [4, 8]
 *   architectures: [line],
 * });
 * console.log(batch.preps.shape, batch.classIds, batch.usedRows); // [ 1, 4, 8 ] [ 0 ] [ 1 ]
 * batch.preps.dispose();
 * ```
 */
export function packBatch(instances: readonly Instance[], options: PackBatchOptions): PRepBatch {
  return packInstances(instances, parseOptions('packBatch', packBatchOptions, options));
}

/** As {@link packBatch}, with options that were checked before. Training calls this at each step. */
export function packInstances(instances: readonly Instance[], { shape, architectures }: UsedBy<typeof packBatchOptions>): PRepBatch {
  checkInstances('packBatch', instances);
  const classIds = instances.map(({ architecture }) => {
    const classId = architectures.findIndex(({ name }) => name === architecture.name);
    if (classId >= 0) return classId;
    throw new NetSpaceError(
      'NOT_FOUND',
      `packBatch: expected instances of ${architectures.map(({ name }) => name).join(', ')}, got one of ${architecture.name}; leave it out`,
    );
  });
  const usedRows = instances.map(({ architecture }) => usedRowsOf(architecture, shape));
  return { preps: packPReps(instances, shape), classIds, usedRows };
}

/** How many rows of a PRep hold an architecture's parameters: ⌈parameters / W⌉. */
export const usedRowsOf = ({ parameters }: Pick<Architecture, 'parameters'>, [, width]: PRepShape): number =>
  Math.ceil(parameterCount(parameters) / width);
