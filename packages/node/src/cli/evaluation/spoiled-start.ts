import type { EvaluatedInstance } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';

import type { EvaluatedPlace } from './evaluated-place.js';
import { configOf } from './evaluation-advice.js';

/** Predicted networks are alike if their accuracies spread by at most this share of those of their targets. */
const ALIKE = 0.2;
/** Targets whose accuracies spread less than this tell nothing. */
const LEAST_SPREAD = 0.1;
/** Fewer networks tell nothing either. */
const ENOUGH = 3;
/** Steps of warm-up that `suggestSpace` takes, if the run is long enough. */
const WARM_UP = 100;

/** Signs in a table of classifiers that a space is nearly collapsed, or worse than the network that it started from. */
export function signsOfSpoiling(rows: readonly EvaluatedInstance[], { startedFrom }: Pick<NetSpace, 'startedFrom'>): readonly string[] {
  const targets = rangeOf(rows.map(({ targetAccuracy }) => targetAccuracy));
  const predicted = rangeOf(rows.map(({ predictedAccuracy }) => predictedAccuracy));
  if (rows.length < ENOUGH || targets.spread < LEAST_SPREAD) return [];
  const off = mean(rows.map((row) => Math.abs(row.predictedAccuracy - row.targetAccuracy)));
  const startOff = mean(rows.map((row) => bestOf(rows, row.architecture) - row.targetAccuracy));
  return [
    ...(predicted.spread <= ALIKE * targets.spread
      ? [
          `All predictions are alike: their accuracies are ${predicted.text}, those of the targets ${targets.text}. The space predicts nearly one network for everything.`,
        ]
      : []),
    ...(startedFrom === 'instances' && off > startOff
      ? [
          `The space is worse than its start: with the best network of its architecture in place of every prediction, accuracies would be ${points(startOff)} off on average. They are ${points(off)} off.`,
        ]
      : []),
  ];
}

/** Advice to warm up, for a space with such signs. */
export function longerWarmUp(record: EvaluatedPlace['record']): readonly string[] {
  const { learningRate, steps } = configOf(record);
  const has = typeof learningRate === 'object' && learningRate !== null && 'warmUp' in learningRate ? Number(learningRate.warmUp) : 0;
  const wanted = typeof steps === 'number' ? Math.min(WARM_UP, Math.floor(steps / 2)) : WARM_UP;
  if (has >= wanted) return [];
  const now = record === undefined ? '' : ` This run had ${has === 0 ? 'none' : has}.`;
  return [
    `Warm up over ${WARM_UP} steps: "warmUp": ${WARM_UP} in the learningRate of the config.${now} The first steps of Adam are the largest and can spoil the network that a space starts from.`,
  ];
}

const bestOf = (rows: readonly EvaluatedInstance[], name: string): number =>
  Math.max(...rows.filter(({ architecture }) => architecture === name).map(({ targetAccuracy }) => targetAccuracy));

function rangeOf(shares: readonly number[]): { readonly spread: number; readonly text: string } {
  const [low, high] = [Math.min(...shares), Math.max(...shares)];
  return { spread: high - low, text: `${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)} %` };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const points = (share: number): string => `${(100 * share).toFixed(1)} points`;
