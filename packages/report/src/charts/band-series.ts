import { meanAndBand } from '@netspace/explore';

import type { XySeries } from '../page/report-data.js';

/**
 * The mean of curves over the same places, within the band from the lowest to the highest: a series for a line chart.
 *
 * @param x the places
 * @param curves values at each place, each as many as there are places
 * @example
 * ```ts
 * import { bandSeries, chartSvg } from '@netspace/report';
 *
 * const series = [bandSeries('three runs', [0, 1], [[0.1, 0.5], [0.2, 0.6], [0.2, 0.7]])];
 * const svg = chartSvg({ kind: 'chart', chart: 'line', x: { label: 'step' }, y: { label: 'accuracy' }, series });
 * ```
 */
export function bandSeries(name: string, x: readonly number[], curves: readonly (readonly number[])[]): XySeries {
  const stops = meanAndBand(curves);
  return { name, points: stops.map(({ mean }, i) => [x[i]!, mean] as const), band: stops.map(({ min, max }) => [min, max] as const) };
}
