import { evaluateSpace, type EvaluatedInstance } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import type { ImageDataset } from '@netspace/zoo';

import type { Context } from './experiment.js';
import { meanAbsoluteDifference, spearman, spread, type Spread } from './statistics.js';
import type { Member } from './zoo-stage.js';

/** How predicted networks compare with their targets. */
export interface SpaceAccuracy {
  /** Of predicted with target accuracy. */
  readonly spearman: number;
  /** Mean of |predicted − target| accuracy. */
  readonly difference: number;
  /** Mean of predicted − target accuracy: positive where networks come out better than they are. */
  readonly bias: number;
  /** Fraction of images of which both say the same, mean over networks. */
  readonly agreement: number;
  readonly target: Spread;
  readonly predicted: Spread;
  readonly instances: readonly EvaluatedInstance[];
}

/** Encodes and decodes networks and measures both on images that neither was trained on. */
export async function spaceAccuracy(
  context: Context,
  space: NetSpace,
  members: readonly Member[],
  images: ImageDataset,
  limit = images.count,
): Promise<SpaceAccuracy> {
  const { instances } = await evaluateSpace(space, members, images, { signal: context.signal, limit });
  return { ...comparison(instances), instances };
}

/** How predicted networks compare with their targets, of instances that were evaluated. */
export function comparison(instances: readonly EvaluatedInstance[]): Omit<SpaceAccuracy, 'instances'> {
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
