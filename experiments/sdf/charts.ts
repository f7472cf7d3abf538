import type { CurvePoint } from '@netspace/node';
import { bandSeries } from '@netspace/report';

import { chartFile, learningSeries } from '../shared/results/charts.js';
import type { Figure } from '../shared/experiment.js';
import type { Interpolation, Stop } from './interpolation.js';

/** What lies between: a quantity by γ through the space and through the weights, mean and band over the pairs. */
export function betweenChart(
  interpolations: readonly Interpolation[],
  { name, label, quantity }: { readonly name: string; readonly label: string; readonly quantity: (stop: Stop) => number },
): Figure {
  const gammas = interpolations[0]!.space.map(({ gamma }) => gamma);
  const series = (['space', 'weights'] as const).map((way) =>
    bandSeries(
      way === 'space' ? 'embeddings interpolated' : 'weights averaged',
      gammas,
      interpolations.map((one) => one[way].map(quantity)),
    ),
  );
  return chartFile(name, { chart: 'line', title: label, x: { label: 'γ' }, y: { label, min: 0 }, series });
}

/** IoU of the predictions with their targets while the space learned. */
export const learningChart = (curve: readonly CurvePoint[]): Figure =>
  chartFile('learning', {
    ...{ chart: 'line', title: 'IoU of reconstructions with their targets', x: { label: 'step' }, y: { label: 'IoU', min: 0, max: 1 } },
    series: ['IoU, shapes of the zoo', 'IoU, shapes never seen'].map((name) => learningSeries(name.slice(5), curve, name)),
  });
