import type { EvaluatedInstance } from '@netspace/explore';

import type { ClassifierResults, ShapeResults, WalkStop } from './results.js';

/** What `out/demo/summary.json` holds. */
export interface DemoSummary {
  readonly seconds: number;
  readonly runtime: string;
  readonly heldOut: readonly Omit<EvaluatedInstance, 'agreement'>[];
  readonly interpolation: readonly WalkStop[];
  readonly betweenArchitectures: readonly WalkStop[];
  readonly lso: { readonly before: number; readonly after: number };
  readonly sdf: ShapeResults['shapes'];
  /** Over the held-out instances. */
  readonly meanAbsoluteDifference: number;
  readonly classIdRight: number;
  readonly report: string;
}

interface DemoResults {
  readonly seconds: number;
  readonly digits: ClassifierResults;
  readonly shapes: ShapeResults;
  readonly report: string;
}

export function summarize({ seconds, digits, shapes, report }: DemoResults): DemoSummary {
  const heldOut = digits.evaluation.instances
    .filter(({ name }) => digits.heldOut.includes(name))
    .map(({ name, architecture, classId, predictedClassId, targetAccuracy, predictedAccuracy }) => ({
      ...{ name, architecture, classId, predictedClassId, targetAccuracy, predictedAccuracy },
    }));
  const differences = heldOut.map(({ targetAccuracy, predictedAccuracy }) => Math.abs(targetAccuracy - predictedAccuracy));
  return {
    seconds,
    runtime: digits.runtime,
    heldOut,
    // Both walks: the average of the weights is null where the ends are of two architectures.
    interpolation: [...digits.weakToStrong, ...digits.betweenArchitectures],
    betweenArchitectures: digits.betweenArchitectures,
    lso: { before: digits.search.before, after: digits.search.after },
    sdf: shapes.shapes,
    meanAbsoluteDifference: differences.reduce((sum, value) => sum + value, 0) / differences.length,
    classIdRight: heldOut.filter(({ classId, predictedClassId }) => classId === predictedClassId).length,
    report,
  };
}
