import type { EvaluatedInstance } from '@netspace/explore';

import type { ClassifierResults, ShapeResults, WalkStop } from './results.js';

/** What `out/demo/summary.json` holds. */
export interface DemoSummary {
  readonly seconds: number;
  readonly runtime: string;
  /** Held-out networks against what their refined embeddings decode to. */
  readonly heldOut: readonly EvaluatedInstance[];
  readonly interpolation: readonly WalkStop[];
  readonly betweenArchitectures: readonly WalkStop[];
  readonly lso: { readonly before: number; readonly after: number };
  readonly sdf: ShapeResults['shapes'];
  /** Over the held-out instances, refined. */
  readonly meanAbsoluteDifference: number;
  /** Over what the encoder says of them, not refined. */
  readonly encoded: { readonly meanAbsoluteDifference: number; readonly meanAgreement: number };
  /** Without the space: over the known networks that are most like them. */
  readonly mostAlike: ClassifierResults['mostAlike'];
  /** Of the encodings. Refined embeddings are right by their making: the wanted architecture is part of the loss. */
  readonly classIdRight: number;
  /** Share of images that a held-out network and what it decodes to give the same class, mean over networks. */
  readonly meanAgreement: number;
  /** What it would be if the two were right as often as they are, but about other images. */
  readonly chanceAgreement: number;
  readonly report: string;
}

interface DemoResults {
  readonly seconds: number;
  readonly digits: ClassifierResults;
  readonly shapes: ShapeResults;
  readonly report: string;
}

export function summarize({ seconds, digits, shapes, report }: DemoResults): DemoSummary {
  const heldOut = digits.evaluation.instances.filter(({ name }) => digits.heldOut.includes(name));
  const encoded = digits.encoded.instances;
  return {
    seconds,
    runtime: digits.runtime,
    heldOut,
    // Both walks: the average of the weights is null where the ends are of two architectures.
    interpolation: [...digits.weakToStrong.stops, ...digits.betweenArchitectures.stops],
    betweenArchitectures: digits.betweenArchitectures.stops,
    lso: { before: digits.search.before, after: digits.search.after },
    sdf: shapes.shapes,
    meanAbsoluteDifference: meanDifference(heldOut),
    encoded: { meanAbsoluteDifference: meanDifference(encoded), meanAgreement: mean(encoded.map(({ agreement }) => agreement)) },
    mostAlike: digits.mostAlike,
    classIdRight: encoded.filter(({ classId, predictedClassId }) => classId === predictedClassId).length,
    meanAgreement: mean(heldOut.map(({ agreement }) => agreement)),
    chanceAgreement: mean(heldOut.map(({ targetAccuracy, predictedAccuracy }) => chanceAgreement(targetAccuracy, predictedAccuracy))),
    report,
  };
}

const meanDifference = (rows: readonly EvaluatedInstance[]): number =>
  mean(rows.map(({ targetAccuracy, predictedAccuracy }) => Math.abs(targetAccuracy - predictedAccuracy)));

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** How often two classifiers of ten classes say the same by chance: both right, or both wrong and for the same one of the nine others. */
const chanceAgreement = (a: number, b: number): number => a * b + ((1 - a) * (1 - b)) / 9;
