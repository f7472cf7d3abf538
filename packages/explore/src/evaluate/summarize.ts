import type { EvaluatedInstance } from './evaluated-instance.js';
import { spearman } from './measures/statistics.js';

/** Summary of the evaluation of a space; fractions in [0, 1]. */
export interface SpaceSummary {
  readonly count: number;
  readonly classIdAccuracy: number;
  readonly meanTargetAccuracy: number;
  readonly meanPredictedAccuracy: number;
  /** Mean of |predicted − target| accuracy. */
  readonly meanAccuracyDifference: number;
  /** Mean of predicted − target accuracy; positive if predicted networks are better than their targets. */
  readonly bias: number;
  readonly meanAgreement: number;
  /** Pearson's correlation of predicted with target accuracy, in [−1, 1]. Null if either is constant. */
  readonly accuracyCorrelation: number | null;
  /** The same for their ranks (Spearman): whether the order is kept, whatever the distances. Null if either is constant. */
  readonly spearman: number | null;
}

/**
 * Averages over evaluated networks: over all of an evaluation, or over those that the space was not trained on.
 *
 * @param instances the rows that `evaluateSpace` measured; at least one
 * @example
 * ```ts
 * import { evaluateSpace, summarize, type SpaceEntry } from '@netspace/explore';
 * import type { NetSpace } from '@netspace/model';
 * import type { ImageDataset } from '@netspace/zoo';
 *
 * const ofHeldOut = async (space: NetSpace, entries: readonly SpaceEntry[], names: readonly string[], images: ImageDataset) => {
 *   const { instances } = await evaluateSpace(space, entries, images);
 *   return summarize(instances.filter(({ name }) => names.includes(name)));
 * };
 * ```
 */
export function summarize(instances: readonly EvaluatedInstance[]): SpaceSummary {
  const average = (value: (instance: EvaluatedInstance) => number): number => mean(instances.map(value));
  const target = instances.map(({ targetAccuracy }) => targetAccuracy);
  const predicted = instances.map(({ predictedAccuracy }) => predictedAccuracy);
  const linear = correlation(target, predicted);
  return {
    count: instances.length,
    classIdAccuracy: average(({ classId, predictedClassId }) => Number(classId === predictedClassId)),
    meanTargetAccuracy: average(({ targetAccuracy }) => targetAccuracy),
    meanPredictedAccuracy: average(({ predictedAccuracy }) => predictedAccuracy),
    meanAccuracyDifference: average(({ targetAccuracy, predictedAccuracy }) => Math.abs(predictedAccuracy - targetAccuracy)),
    bias: average(({ targetAccuracy, predictedAccuracy }) => predictedAccuracy - targetAccuracy),
    meanAgreement: average(({ agreement }) => agreement),
    accuracyCorrelation: linear,
    spearman: linear === null ? null : spearman(target, predicted),
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function correlation(a: readonly number[], b: readonly number[]): number | null {
  const [meanA, meanB] = [mean(a), mean(b)];
  const centered = a.map((value, i) => [value - meanA, b[i]! - meanB] as const);
  const [aa, bb, ab] = [mean(centered.map(([x]) => x * x)), mean(centered.map(([, y]) => y * y)), mean(centered.map(([x, y]) => x * y))];
  return aa > 1e-18 && bb > 1e-18 ? ab / Math.sqrt(aa * bb) : null;
}
