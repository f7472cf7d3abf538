import { chartSvg, type ChartAxis, type XyChart, type XySeries } from '@netspace/report';

import type { Figure } from './experiment.js';
import type { SpaceAccuracy } from './space-accuracy.js';
import { meanAndBand } from './statistics.js';
import type { CurvePoint } from './train-space.js';

/** An axis of accuracies. */
export const accuracyAxis = (label: string): ChartAxis => ({ label, format: 'percent', min: 0 });

/** A chart as a file. */
export const chartFile = (name: string, chart: Omit<XyChart, 'kind'>): Figure => ({
  name: `${name}.svg`,
  content: chartSvg({ kind: 'chart', ...chart }),
});

/** Predicted against target accuracy, a series a group of networks. */
export const predictedChart = (
  name: string,
  title: string,
  groups: readonly { readonly name: string; readonly accuracy: SpaceAccuracy }[],
): Figure =>
  chartFile(name, {
    ...{ chart: 'scatter', title, diagonal: true },
    x: accuracyAxis('accuracy of the target'),
    y: accuracyAxis('accuracy of the predicted network'),
    series: groups.map((group) => ({
      name: group.name,
      points: group.accuracy.instances.map(({ targetAccuracy, predictedAccuracy }) => [targetAccuracy, predictedAccuracy] as const),
    })),
  });

/** The mean of curves over the same places, within the band from the lowest to the highest. */
export function bandSeries(name: string, x: readonly number[], curves: readonly (readonly number[])[]): XySeries {
  const stops = meanAndBand(curves);
  return { name, points: stops.map(({ mean }, i) => [x[i]!, mean] as const), band: stops.map(({ min, max }) => [min, max] as const) };
}

/** One quantity of training curves by step. */
export const learningSeries = (name: string, curve: readonly CurvePoint[], quantity: string): XySeries => ({
  name,
  points: curve.filter((point) => quantity in point).map((point) => [point.step, point[quantity]!] as const),
});
