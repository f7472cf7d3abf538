import { mean, quantileSorted, sampleRankCorrelation, standardDeviation } from 'simple-statistics';

/** Fewer networks have no order to speak of: two are always in one order or the other. */
export const NETWORKS_FOR_ORDER = 3;

/**
 * Spearman's rank correlation: whether y grows when x grows, whatever the form of the curve.
 *
 * @returns in [-1, 1]; ties share their mean rank; 0 if one side is constant, as a single number is
 * @example
 * ```ts
 * import { spearman } from '@netspace/explore';
 *
 * console.log(spearman([1, 2, 3], [1, 8, 27])); // 1
 * ```
 */
export function spearman(x: readonly number[], y: readonly number[]): number {
  if (x.length < 2) return 0;
  const rho = sampleRankCorrelation([...x], [...y]);
  return Number.isFinite(rho) ? rho : 0;
}

/** Mean of |x - y|. */
export const meanAbsoluteDifference = (x: readonly number[], y: readonly number[]): number =>
  mean(x.map((value, i) => Math.abs(value - y[i]!)));

/** How numbers spread. */
export interface Spread {
  readonly mean: number;
  /** Standard deviation of the population: divided by n, not n − 1. */
  readonly std: number;
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/**
 * How numbers spread: mean, population standard deviation, least, middle and greatest of at least one number.
 *
 *
 * @example
 * ```ts
 * import { spread } from '@netspace/explore';
 *
 * const { mean, median, max } = spread([1, 2, 6]);
 * console.log(mean, median, max); // 3 2 6
 * ```
 */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    mean: mean(sorted),
    std: standardDeviation(sorted),
    min: sorted[0]!,
    median: quantileSorted(sorted, 0.5),
    max: sorted.at(-1)!,
  };
}

/**
 * Mean, least and greatest at each place of some curves of equal length: a line and its band.
 *
 *
 * @example
 * ```ts
 * import { meanAndBand } from '@netspace/explore';
 *
 * console.log(meanAndBand([[1], [3]])); // [ { mean: 2, min: 1, max: 3 } ]
 * ```
 */
export const meanAndBand = (
  curves: readonly (readonly number[])[],
): { readonly mean: number; readonly min: number; readonly max: number }[] =>
  curves[0]!.map((_, i) => {
    const values = curves.map((curve) => curve[i]!);
    return { mean: mean(values), min: Math.min(...values), max: Math.max(...values) };
  });
