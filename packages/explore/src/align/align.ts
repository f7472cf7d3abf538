import { type Instance, NetSpaceError, packPRep, parameterCount, type ParameterSpec, prepSymmetry } from '@netspace/prep';
import {
  byKind,
  changedInstance,
  extended,
  flag,
  type GivenBy,
  instance as anInstance,
  objectOf,
  oneOf,
  parseOptions,
  tensor,
  withDefault,
} from '@netspace/prep/internal';

import type { Arrangement } from './arrangement.js';
import { groupedParameters } from './channel-groups.js';
import { matchActivations } from './match-activations.js';
import { matchWeights, matchWeightsOptions } from './match-weights.js';

const weights = extended(objectOf({ /** Makes the weights alike. */ by: oneOf(['weights']) }), matchWeightsOptions.entries);
const activations = objectOf({
  /** Makes what units do on given inputs alike. */
  by: oneOf(['activations']),
  /** A batch that the networks take. */
  inputs: tensor,
  /**
   * Whether units may be negated and biases of sines moved by their period, where the architecture allows it.
   * @default true
   */
  signs: withDefault(flag, true),
});

/** Options of {@link align} by weights. */
export interface AlignByWeightsOptions extends GivenBy<typeof weights> {}

/** Options of {@link align} by activations. */
export interface AlignByActivationsOptions extends GivenBy<typeof activations> {}

/** Options of {@link align}. */
export type AlignOptions = AlignByWeightsOptions | AlignByActivationsOptions;

/** See {@link AlignOptions}. */
export const alignOptions = byKind('by', { weights, activations });

const networks = objectOf({ reference: anInstance, instance: anInstance });

/** A network in the order of another. */
export interface Alignment<Name extends string = string> {
  /** It does what it did, with tensors of its own, which the caller disposes. */
  readonly instance: Instance<Name>;
  /** `‖a − π b‖ / (½ (‖a‖ + ‖b‖))`, dimensionless: 0 for the same network, about √2 for unrelated ones that were not aligned. */
  readonly distance: number;
}

/**
 * Puts the hidden channels of a network in the order of another's, and gives its units the same signs. What the network does stays as it is.
 *
 * By `weights`: the order in which weights are most alike ({@link matchWeights}). By `activations`: the order in which what the next layers
 * read correlates best on the same inputs. Weights need no inputs and find a permuted copy; activations are the safer choice for networks that
 * were trained apart.
 *
 * @param reference stays as it is
 * @param instance another network of the same architecture
 * @throws NetSpaceError `UNSUPPORTED` if the architectures differ, `INVALID_OPTION` for options that are unknown or out of range
 * @see Ainsworth, Hayase, Srinivasa, "Git Re-Basin", arXiv:2209.04836
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { align, interpolateWeights } from '@netspace/explore';
 * import { initialize, lenetLike } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ width: 0.1 });
 * const [a, b] = [1, 2].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) }));
 * const { instance } = await align(a!, b!, { by: 'weights', restarts: 4 });
 * const [between] = interpolateWeights(a!, instance, [0.5]);
 * console.log(between!.architecture.name); // lenet-like-3x32x32-10-w0.1
 * ```
 */
export async function align<Name extends string>(
  reference: Instance<Name>,
  instance: Instance<Name>,
  options: AlignOptions = { by: 'weights' },
): Promise<Alignment<Name>> {
  const used = parseOptions('align', alignOptions, options);
  parseOptions('align', networks, { reference, instance });
  if (reference.architecture.name !== instance.architecture.name) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `align: expected two networks of one architecture, got ${reference.architecture.name} and ${instance.architecture.name}; channels match within one`,
    );
  }
  if (used.by === 'activations') {
    const { specs, ...arrangement } = await matchActivations(reference, instance, used);
    return changed(reference, instance, { specs, arrangement, turns: used.signs });
  }
  const { by: _, ...search } = used;
  const arrangement = matchWeights(await groupedParameters(reference), await groupedParameters(instance), search);
  return changed(reference, instance, { specs: instance.architecture.parameters, arrangement, turns: used.signs });
}

interface Change {
  readonly specs: readonly ParameterSpec[];
  readonly arrangement: Arrangement;
  readonly turns: boolean;
}

/** The network after an arrangement, biases of sines moved by whole periods towards the reference's. */
async function changed<Name extends string>(
  reference: Instance<Name>,
  instance: Instance<Name>,
  { specs, arrangement, turns }: Change,
): Promise<Alignment<Name>> {
  const layout = { name: instance.architecture.name, parameters: specs };
  const identity = (_: string, count: number) => [...Array(count).keys()];
  const order = (group: string, count: number) => arrangement.orders.get(group) ?? identity(group, count);
  const signs = (units: string, count: number) => arrangement.signs.get(units) ?? Array<number>(count).fill(1);
  const { source, factor } = prepSymmetry(layout, { order, signs });
  const [mine, theirs] = [await numbersOf(reference), await numbersOf(instance)];
  const moved = theirs.map((_, i) => factor[i]! * theirs[source[i]!]!);
  const begins = new Map<string, number>();
  specs.reduce((begin, spec) => (begins.set(spec.name, begin), begin + parameterCount([spec])), 0);
  const periodOf = new Map(specs.map(({ name, period }) => [name, period]));
  const turnsOf = (name: string, count: number) =>
    Array.from({ length: count }, (_, i) => {
      const at = begins.get(name)! + i;
      return Math.round((mine[at]! - moved[at]!) / periodOf.get(name)!);
    });
  const symmetry = prepSymmetry(layout, { order, signs, turns: turns ? turnsOf : undefined });
  const distance = norm(moved.map((value, i) => mine[i]! - value - symmetry.shift[i]!)) / ((norm(mine) + norm(theirs)) / 2);
  return { instance: changedInstance(instance, symmetry), distance };
}

async function numbersOf(instance: Instance): Promise<Float32Array> {
  const row = packPRep(instance, [1, parameterCount(instance.architecture.parameters)]);
  try {
    return await row.data<'float32'>();
  } finally {
    row.dispose();
  }
}

const norm = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));
