import { meanAndBand } from '@netspace/explore';

import type { XySeries } from '../page/report-data.js';

/**
 * A series for a line chart: the mean of several curves, with the band from the lowest to the highest.
 *
 * @param x the places
 * @param curves values at each place, each as many as there are places
 * @example
 * ```ts
 * import { bandSeries } from '@netspace/report';
 *
 * const { points, band } = bandSeries('two runs', [0, 1], [[1, 5], [3, 7]]);
 * console.log(points, band); // [ [ 0, 2 ], [ 1, 6 ] ] [ [ 1, 3 ], [ 5, 7 ] ]
 * ```
 */
export function bandSeries(name: string, x: readonly number[], curves: readonly (readonly number[])[]): XySeries {
  const stops = meanAndBand(curves);
  return { name, points: stops.map(({ mean }, i) => [x[i]!, mean] as const), band: stops.map(({ min, max }) => [min, max] as const) };
}
