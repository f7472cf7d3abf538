import type { NetSpace } from '@netspace/model';
import type { ImageDataset } from '@netspace/zoo';

import { evaluateSpace, type EvaluateSpaceOptions, type SpaceEntry } from './evaluate-space.js';
import type { EvaluatedInstance } from './evaluated-instance.js';
import { meanAbsoluteDifference, spearman, spread, type Spread } from './statistics.js';

/** How predicted networks compare with their targets. */
export interface AccuracyComparison {
  /** Rank correlation of predicted with target accuracy, in [−1, 1]: whether better networks come out better. */
  readonly spearman: number;
  /** Mean of |predicted − target| accuracy. */
  readonly difference: number;
  /** Mean of predicted − target accuracy: positive where networks come out better than they are. */
  readonly bias: number;
  /** Fraction of images of which both say the same, mean over networks. */
  readonly agreement: number;
  readonly target: Spread;
  readonly predicted: Spread;
}

export interface SpaceAccuracy extends AccuracyComparison {
  readonly instances: readonly EvaluatedInstance[];
}

/**
 * Encodes and decodes networks and compares the accuracies of predicted and target networks.
 *
 * @param entries networks of the space's architectures, as a rule some that it was not trained on
 * @param dataset images that no network was trained on
 * @throws NetSpaceError as `evaluateSpace`
 * @example
 * ```ts
 * import { spaceAccuracy } from '@netspace/explore';
 * import type { NetSpace } from '@netspace/model';
 * import type { ImageDataset, StoredInstance } from '@netspace/zoo';
 *
 * async function report(space: NetSpace, heldOut: readonly StoredInstance[], test: ImageDataset): Promise<void> {
 *   const { spearman, difference } = await spaceAccuracy(space, heldOut, test, { limit: 1000 });
 *   console.log(`Spearman ${spearman.toFixed(2)}, ${(100 * difference).toFixed(1)} points apart`);
 * }
 * ```
 */
export async function spaceAccuracy(
  space: NetSpace,
  entries: readonly SpaceEntry[],
  dataset: ImageDataset,
  options: EvaluateSpaceOptions = {},
): Promise<SpaceAccuracy> {
  const { instances } = await evaluateSpace(space, entries, dataset, options);
  return { ...compareAccuracies(instances), instances };
}

/**
 * How predicted networks compare with their targets.
 *
 * @param instances what `evaluateSpace` measured; at least one
 * @example
 * ```ts
 * import { compareAccuracies, type EvaluatedInstance } from '@netspace/explore';
 *
 * const rankCorrelation = (instances: readonly EvaluatedInstance[]): number => compareAccuracies(instances).spearman;
 * ```
 */
export function compareAccuracies(instances: readonly EvaluatedInstance[]): AccuracyComparison {
  const target = instances.map((one) => one.targetAccuracy);
  const predicted = instances.map((one) => one.predictedAccuracy);
  return {
    spearman: spearman(target, predicted),
    difference: meanAbsoluteDifference(target, predicted),
    bias: spread(predicted).mean - spread(target).mean,
    agreement: spread(instances.map(({ agreement }) => agreement)).mean,
    target: spread(target),
    predicted: spread(predicted),
  };
}
