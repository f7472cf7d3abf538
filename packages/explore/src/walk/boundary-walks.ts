import { count, type GivenBy, numberOf, objectOf, parseOptions } from '@netspace/prep/internal';
import type { NetSpace } from '@netspace/model';
import type { LabeledDataset } from '@netspace/zoo';
import { mean } from 'simple-statistics';

import type { SpaceEntry } from '../evaluate/evaluate-space.js';
import { evenGammas } from './interpolate.js';
import { walkAccuracies, type WalkAccuracies } from './walk-accuracies.js';

/** A walk between two boundary instances, by name. */
export interface BoundaryWalk extends Omit<WalkAccuracies, 'gammas'> {
  readonly from: string;
  readonly to: string;
}

/** Walks from each network of the smallest architecture to a network of the largest, paired by their order. */
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
 * Walks between boundary instances, the networks of the smallest and of the largest architecture, and measures the networks on the way. A
 * walk should pass through all architectures of the space, in order of size.
 *
 * @param entries networks of the space's architectures; those of the inner ones are left out
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown, missing or out of range; as `walk` and `accuracy`
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { boundaryWalks } from '@netspace/explore';
 * import { NetSpace } from '@netspace/model';
 * import { initialize, lenetLike, parseCifar10 } from '@netspace/zoo';
 *
 * const architectures = [lenetLike({ width: 0.1 }), lenetLike({ width: 0.2 })];
 * const heldOut = architectures.map((architecture) => ({
 *   name: architecture.name,
 *   instance: { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) },
 * }));
 * const space = new NetSpace({ architectures, prepShape: [8, 400], preset: 'tiny' });
 * const images = parseCifar10(new Uint8Array(4 * 3073)); // four black images
 * const { walks } = await boundaryWalks(space, heldOut, images, { pairs: 1, stops: 3 });
 * console.log(walks[0]!.from, walks[0]!.accuracies.length); // lenet-like-3x32x32-10-w0.1 3
 * ```
 */
export async function boundaryWalks(
  space: NetSpace,
  entries: readonly SpaceEntry[],
  dataset: LabeledDataset,
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
 * Pairs of boundary instances, a network of the smallest and one of the largest architecture: as many pairs as there are networks of the
 * rarer one.
 *
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { boundaryPairs } from '@netspace/explore';
 * import { initialize, siren } from '@netspace/zoo';
 *
 * const architectures = [siren({ hidden: 4 }), siren({ hidden: 8 }), siren({ hidden: 16 })];
 * const entries = architectures.map((architecture) => ({
 *   name: architecture.name,
 *   instance: { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) },
 * }));
 * const pairs = boundaryPairs({ architectures }, entries);
 * console.log(pairs.map(([smallest, largest]) => [smallest.name, largest.name])); // [ [ 'siren-3-4x1-1', 'siren-3-16x1-1' ] ]
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
