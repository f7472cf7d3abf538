import type { SpaceAccuracy } from '@netspace/explore';
import type { CurvePoint } from '@netspace/node';
import { chartSvg, type BarChart, type ChartAxis, type XyChart, type XySeries } from '@netspace/report';

import type { Figure } from '../experiment.js';

/** An axis of accuracies. */
export const accuracyAxis = (label: string): ChartAxis => ({ label, format: 'percent', min: 0 });

/** The axis of a walk. */
export const gammaAxis: ChartAxis = { label: 'γ', min: 0, max: 1 };

/** A chart as a file. */
export const chartFile = (name: string, chart: Omit<XyChart, 'kind'> | Omit<BarChart, 'kind'>): Figure => ({
  name: `${name}.svg`,
  content: chartSvg({ kind: 'chart', ...chart }),
});

/** Predicted against target accuracy, a series a group of networks. */
export const predictedChart = (
  name: string,
  title: string,
  groups: readonly { readonly name: string; readonly accuracy: Pick<SpaceAccuracy, 'instances'> }[],
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

/** One quantity of training curves by step. */
export const learningSeries = (name: string, curve: readonly CurvePoint[], quantity: string): XySeries => ({
  name,
  points: curve.filter((point) => quantity in point).map((point) => [point.step, point[quantity]!] as const),
});
