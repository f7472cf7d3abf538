import type { EvaluatedInstance } from './evaluated-instance.js';

/** What a space's evaluation comes down to; fractions in [0, 1]. */
export interface SpaceSummary {
  readonly count: number;
  readonly classIdAccuracy: number;
  readonly meanTargetAccuracy: number;
  readonly meanPredictedAccuracy: number;
  /** Mean of |predicted − target| accuracy. */
  readonly meanAccuracyDifference: number;
  readonly meanAgreement: number;
  /** Pearson's correlation of predicted with target accuracy, in [−1, 1]: whether better networks come out better. Null if either is constant. */
  readonly accuracyCorrelation: number | null;
}

/** Averages of evaluated networks, at least one. */
export function summarize(instances: readonly EvaluatedInstance[]): SpaceSummary {
  const average = (value: (instance: EvaluatedInstance) => number): number => mean(instances.map(value));
  return {
    count: instances.length,
    classIdAccuracy: average(({ classId, predictedClassId }) => Number(classId === predictedClassId)),
    meanTargetAccuracy: average(({ targetAccuracy }) => targetAccuracy),
    meanPredictedAccuracy: average(({ predictedAccuracy }) => predictedAccuracy),
    meanAccuracyDifference: average(({ targetAccuracy, predictedAccuracy }) => Math.abs(predictedAccuracy - targetAccuracy)),
    meanAgreement: average(({ agreement }) => agreement),
    accuracyCorrelation: correlation(
      instances.map(({ targetAccuracy }) => targetAccuracy),
      instances.map(({ predictedAccuracy }) => predictedAccuracy),
    ),
  };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function correlation(a: readonly number[], b: readonly number[]): number | null {
  const [meanA, meanB] = [mean(a), mean(b)];
  const centered = a.map((value, i) => [value - meanA, b[i]! - meanB] as const);
  const [aa, bb, ab] = [mean(centered.map(([x]) => x * x)), mean(centered.map(([, y]) => y * y)), mean(centered.map(([x, y]) => x * y))];
  return aa > 1e-18 && bb > 1e-18 ? ab / Math.sqrt(aa * bb) : null;
}
