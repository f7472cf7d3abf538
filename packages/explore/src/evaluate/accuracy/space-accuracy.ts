import type { NetSpace } from '@netspace/model';
import type { LabeledDataset } from '@netspace/zoo';

import { evaluateSpace, type EvaluateSpaceOptions, type SpaceEntry } from '../evaluate-space.js';
import type { EvaluatedInstance, RefinedInstance } from '../evaluated-instance.js';
import { meanAbsoluteDifference, spearman, spread, type Spread } from '../measures/statistics.js';

/** How predicted networks compare with their targets. */
export interface AccuracyComparison {
  /** Rank correlation of predicted with target accuracy, in [−1, 1]: whether better targets have better predicted networks. */
  readonly spearman: number;
  /** Mean of |predicted − target| accuracy. */
  readonly difference: number;
  /** Mean of predicted − target accuracy; positive if predicted networks are better than their targets. */
  readonly bias: number;
  /** Fraction of images for which both give the same class, mean over networks. */
  readonly agreement: number;
  readonly target: Spread;
  readonly predicted: Spread;
}

/** Accuracies of target and predicted networks, with the rows that they come from. */
export interface SpaceAccuracy extends AccuracyComparison {
  readonly instances: readonly EvaluatedInstance[];
  /** The same for refined encodings, with `refine`. */
  readonly refined?: AccuracyComparison & { readonly instances: readonly RefinedInstance[] };
}

/**
 * Encodes and decodes networks and compares the accuracies of predicted and target networks.
 *
 * @param entries networks of the space's architectures, as a rule some that it was not trained on
 * @param dataset images that no network was trained on
 * @throws NetSpaceError as `evaluateSpace`
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { spaceAccuracy } from '@netspace/explore';
 * import { NetSpace } from '@netspace/model';
 * import { initialize, lenetLike, parseCifar10 } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ width: 0.1 });
 * const heldOut = [1, 2].map((seed) => ({
 *   name: `untrained-${seed}`,
 *   instance: { architecture, parameters: initialize(architecture.parameters, { seed }) },
 * }));
 * const space = new NetSpace({ architectures: [architecture], prepShape: [8, 128], preset: 'tiny' });
 * const images = parseCifar10(new Uint8Array(4 * 3073)); // four black images
 * const { instances, spearman } = await spaceAccuracy(space, heldOut, images);
 * console.log(instances.length, spearman >= -1 && spearman <= 1); // 2 true
 * ```
 */
export async function spaceAccuracy(
  space: NetSpace,
  entries: readonly SpaceEntry[],
  dataset: LabeledDataset,
  options: EvaluateSpaceOptions = {},
): Promise<SpaceAccuracy> {
  const { instances, refined } = await evaluateSpace(space, entries, dataset, options);
  return {
    ...{ ...compareAccuracies(instances), instances },
    ...(refined !== undefined && { refined: { ...compareAccuracies(refined.instances), instances: refined.instances } }),
  };
}

/**
 * How predicted networks compare with their targets.
 *
 * @param instances the rows that `evaluateSpace` measured; at least one
 * @example
 * ```ts
 * import { compareAccuracies } from '@netspace/explore';
 *
 * const measured = (targetAccuracy: number, predictedAccuracy: number) => ({
 *   ...{ name: 'net', architecture: 'lenet-like-3x32x32-10', classId: 0, predictedClassId: 0 },
 *   ...{ targetAccuracy, predictedAccuracy, agreement: 0.5 },
 * }); // as `evaluateSpace` gives it
 * const { difference, bias } = compareAccuracies([measured(0.25, 0.5), measured(0.75, 0.75)]);
 * console.log(difference, bias); // 0.125 0.125
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
