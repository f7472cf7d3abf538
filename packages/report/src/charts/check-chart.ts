import { NetSpaceError } from '@netspace/prep';

import type { ChartFigure } from '../page/report-data.js';

/** Throws if the values of a series do not fit its places. */
export function checkChart(figure: ChartFigure): void {
  const { title = figure.chart } = figure;
  if (figure.chart === 'bar') {
    const { categories, series } = figure;
    for (const { name, values } of series)
      check(title, name, values.length, `${categories.length} values (one a category)`, categories.length);
    return;
  }
  for (const { name, points, band } of figure.series) {
    if (band !== undefined) check(title, name, band.length, `a band of ${points.length} pairs (one a point)`, points.length);
  }
}

function check(title: string, series: string, got: number, wanted: string, count: number): void {
  if (got === count) return;
  throw new NetSpaceError('SHAPE_MISMATCH', `renderReport: chart "${title}" expected ${wanted} in series "${series}", got ${got}`);
}
