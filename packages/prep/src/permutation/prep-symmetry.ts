import { type Instance, parameterCount } from '../architecture.js';
import type { ParameterLayout } from '../checks/assert.js';
import { packPRep } from '../codec/pack.js';
import { unpackPRep } from '../codec/unpack.js';
import { NetSpaceError } from '../errors.js';
import { functionOf, thing } from '../options/option-kinds.js';
import { type GivenBy, objectOf, optional, parseOptions } from '../options/options.js';
import { type ChannelOrder, channelPermutation } from './channel-permutation.js';
import * as tf from '@tensorflow/tfjs-core';

/** What a group of units is multiplied by: entry j is 1 or −1, for the unit that comes to place j. */
export type UnitSigns = (units: string, count: number) => ArrayLike<number>;

/** How many periods are added to the numbers of a parameter: entry j is a whole number, for the number that comes to place j. */
export type Turns = (parameter: string, count: number) => ArrayLike<number>;

/** See {@link SymmetryChoice}. */
export const symmetryChoice = objectOf({
  /**
   * The order of channels.
   * @default every channel stays
   */
  order: optional(functionOf<ChannelOrder>()),
  /**
   * The signs of units.
   * @default no sign changes
   */
  signs: optional(functionOf<UnitSigns>()),
  /**
   * The periods of biases.
   * @default nothing is added
   */
  turns: optional(functionOf<Turns>()),
});

/** One of the changes that leave what a network does as it is. */
export interface SymmetryChoice extends GivenBy<typeof symmetryChoice> {}

/** A change of a PRep: `q[i] = factor[i] · p[source[i]] + shift[i]`. */
export interface PRepSymmetry {
  readonly source: Int32Array;
  readonly factor: Float32Array;
  readonly shift: Float32Array;
}

const given = objectOf({ architecture: thing<ParameterLayout>('an architecture', ['parameters']) });

/**
 * What a change of order, signs and phases does to the numbers of a PRep. The network computes the same function after it.
 *
 * `q[i] = factor[i] · p[source[i]] + shift[i]`: channels come in the order that is given, then units are negated, then periods are added. The
 * specs of the architecture say what can be changed; {@link permutationSpec} finds it.
 *
 * @param choice called once a group or parameter
 * @throws NetSpaceError `INVALID_OPTION` if an order is no permutation, a sign is neither 1 nor −1, a number of periods is not whole, or a list
 *   is not as long as its group
 * @example
 * ```ts
 * import { prepSymmetry, unresolvedArchitecture } from '@netspace/prep';
 *
 * // w₂ sin(30 (w₁ x + b)): the unit can be negated.
 * const architecture = unresolvedArchitecture('sine', [
 *   { name: 'fc1.weight', shape: [1, 1], channels: ['fc1', undefined], signs: ['fc1', undefined] },
 *   { name: 'fc1.bias', shape: [1], channels: ['fc1'], signs: ['fc1'], period: (2 * Math.PI) / 30 },
 *   { name: 'fc2.weight', shape: [1, 1], channels: [undefined, 'fc1'], signs: [undefined, 'fc1'] },
 * ]);
 * console.log([...prepSymmetry(architecture, { signs: () => [-1] }).factor]); // [ -1, -1, -1 ]
 * ```
 * @see Sitzmann et al., arXiv:2006.09661 (sine units)
 */
export function prepSymmetry(architecture: ParameterLayout, choice: SymmetryChoice): PRepSymmetry {
  const { order, signs, turns } = parseOptions('prepSymmetry', symmetryChoice, choice);
  parseOptions('prepSymmetry', given, { architecture });
  const { parameters } = architecture;
  const count = parameterCount(parameters);
  const source = order === undefined ? Int32Array.from({ length: count }, (_, i) => i) : channelPermutation(architecture, order);
  const [factor, shift] = [new Float32Array(count).fill(1), new Float32Array(count)];
  const known = new Map<string, ArrayLike<number>>();
  const signsOf = (units: string, size: number): ArrayLike<number> => {
    const found = known.get(units) ?? signs!(units, size);
    known.set(
      units,
      checked(found, size, (sign) => Math.abs(sign) === 1, `${size} signs, each 1 or −1, for the units of ${units}`),
    );
    return found;
  };
  let offset = 0;
  for (const { name, shape, signs: axes = [], period } of parameters) {
    const size = parameterCount([{ name, shape }]);
    let stride = size;
    shape.forEach((length, axis) => {
      stride /= length;
      const units = axes[axis];
      if (units === undefined || signs === undefined) return;
      const along = signsOf(units, length);
      for (let i = 0; i < size; i++) factor[offset + i]! *= along[Math.floor(i / stride) % length]!;
    });
    if (period !== undefined && turns !== undefined) {
      const whole = checked(turns(name, size), size, Number.isInteger, `${size} whole numbers of periods for ${name}`);
      for (let i = 0; i < size; i++) shift[offset + i] = whole[i]! * period;
    }
    offset += size;
  }
  return { source, factor, shift };
}

function checked(values: ArrayLike<number>, size: number, holds: (value: number) => boolean, expected: string): ArrayLike<number> {
  if (values.length === size && Array.from(values).every(holds)) return values;
  throw new NetSpaceError('INVALID_OPTION', `prepSymmetry: expected ${expected}; check the function that gives them`);
}

/**
 * A network after a change that leaves what it does as it is.
 *
 * @returns a network with tensors of its own, which the caller disposes
 */
export function changedInstance<Name extends string>(
  { architecture, parameters }: Instance<Name>,
  { source, factor, shift }: PRepSymmetry,
): Instance<Name> {
  const changed = tf.tidy(() => {
    const row = packPRep({ architecture, parameters }, [1, source.length]);
    const moved = tf.gather(row, tf.tensor1d(source, 'int32'), 1);
    const negated = factor.some((by) => by !== 1) ? tf.mul(moved, tf.tensor2d(factor, [1, source.length])) : moved;
    const shifted = shift.some((by) => by !== 0) ? tf.add(negated, tf.tensor2d(shift, [1, source.length])) : negated;
    return unpackPRep(shifted as tf.Tensor2D, architecture);
  });
  return { architecture, parameters: changed };
}
