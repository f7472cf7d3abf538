import { count, type GivenBy, numberOf, objectOf, parseOptions } from '@netspace/prep/internal';
import type { NetSpace } from '@netspace/model';
import type { ImageDataset } from '@netspace/zoo';
import { mean } from 'simple-statistics';

import type { SpaceEntry } from '../evaluate/evaluate-space.js';
import { evenGammas } from './interpolate.js';
import { walkAccuracies, type WalkAccuracies } from './walk-accuracies.js';

/** A walk between two boundary instances, by name. */
export interface BoundaryWalk extends Omit<WalkAccuracies, 'gammas'> {
  readonly from: string;
  readonly to: string;
}

/** Walks from each network of the smallest architecture to the one at the same place of those of the largest. */
export interface BoundaryWalks {
  readonly gammas: readonly number[];
  readonly walks: readonly BoundaryWalk[];
  /** Fraction of the walks that pass through every architecture, in order of ClassId. */
  readonly inOrder: number;
}

/** See {@link BoundaryWalksOptions}. */
export const boundaryWalksOptions = objectOf({
  /** How many walks at most. */
  pairs: count,
  /** Networks on the way, both ends included, evenly spaced. */
  stops: numberOf('an integer from 2 up', (value) => Number.isInteger(value) && value >= 2),
});

/** Options of {@link boundaryWalks}. */
export interface BoundaryWalksOptions extends GivenBy<typeof boundaryWalksOptions> {}

/**
 * Walks between boundary instances, the networks of the smallest and of the largest architecture, and measures what lies between: a space
 * of several architectures should pass through all of them, in order of size.
 *
 * @param entries networks of the space's architectures; those of the inner ones are left out
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown, missing or out of range; as `walk` and `accuracy`
 * @example
 * ```ts
 * import { boundaryWalks } from '@netspace/explore';
 * import type { NetSpace } from '@netspace/model';
 * import type { ImageDataset, StoredInstance } from '@netspace/zoo';
 *
 * async function inOrder(space: NetSpace, heldOut: readonly StoredInstance[], test: ImageDataset): Promise<number> {
 *   return (await boundaryWalks(space, heldOut, test, { pairs: 3, stops: 10 })).inOrder;
 * }
 * ```
 * @see Berardi et al., "Learning the Space of Deep Models", figure 5
 */
export async function boundaryWalks(
  space: NetSpace,
  entries: readonly SpaceEntry[],
  dataset: ImageDataset,
  options: BoundaryWalksOptions,
): Promise<BoundaryWalks> {
  const { pairs, stops } = parseOptions('boundaryWalks', boundaryWalksOptions, options);
  const gammas = evenGammas(stops);
  const walks: BoundaryWalk[] = [];
  for (const [from, to] of boundaryPairs(space, entries).slice(0, pairs)) {
    const { classIds, accuracies } = await walkAccuracies(space, from.instance, to.instance, dataset, { gammas });
    walks.push({ from: from.name, to: to.name, classIds, accuracies });
  }
  return { gammas, walks, inOrder: mean(walks.map(({ classIds }) => Number(isInOrder(classIds, space.architectures.length)))) };
}

/**
 * Pairs of boundary instances: the networks of the smallest and of the largest architecture, as many as the rarer has.
 *
 * @example
 * ```ts
 * import { boundaryPairs } from '@netspace/explore';
 * import { initialize, lenetLike, resnet8 } from '@netspace/zoo';
 *
 * const architectures = [lenetLike({ channels: 1, size: 16 }), resnet8({ channels: 1, size: 16 })];
 * const entries = architectures.map((architecture) => ({
 *   name: architecture.name,
 *   instance: { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) },
 * }));
 * const [[smallest, largest]] = boundaryPairs({ architectures }, entries) as [(typeof entries)[]];
 * ```
 */
export function boundaryPairs<Entry extends SpaceEntry>(
  { architectures }: Pick<NetSpace, 'architectures'>,
  entries: readonly Entry[],
): readonly (readonly [smallest: Entry, largest: Entry])[] {
  const [smallest, largest] = [architectures.at(0), architectures.at(-1)].map((architecture) =>
    entries.filter(({ instance }) => instance.architecture.name === architecture?.name),
  );
  return smallest!.slice(0, largest!.length).map((from, i) => [from, largest![i]!]);
}

const isInOrder = (classIds: readonly number[], architectures: number): boolean =>
  new Set(classIds).size === architectures && classIds.every((classId, i) => i === 0 || classId >= classIds[i - 1]!);
