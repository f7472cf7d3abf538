import type { EvaluatedInstance } from '@netspace/explore';

import type { Figure } from '../shared/experiment.js';
import { accuracyAxis, chartFile } from '../shared/results/charts.js';
import type { Kind } from './generated.js';

/** As many kinds as a chart has colors for; the others are in the results. */
const DRAWN = ['zoo', 'reconstructed', 'Gaussian', 'neighbors', 'noise of 0.1 σ'];

/** Agreement of reconstructed networks, and how good and how diverse generated ones are. */
export function figures(
  { encoded, refined, around }: Readonly<Record<'encoded' | 'refined' | 'around', readonly EvaluatedInstance[]>>,
  generated: readonly Kind[],
): readonly Figure[] {
  const points = (instances: readonly EvaluatedInstance[]) => instances.map((one) => [one.targetAccuracy, one.agreement] as const);
  return [
    chartFile('agreement', {
      ...{ chart: 'scatter', title: 'Agreement of held-out networks with networks that imitate them' },
      ...{ x: accuracyAxis('accuracy of the target'), y: { label: 'agreement', format: 'percent', min: 0, max: 1 } },
      series: [
        { name: 'encoded', points: points(encoded) },
        { name: 'refined', points: points(refined) },
        { name: 'without a space', points: points(around) },
      ],
    }),
    chartFile('generated', {
      ...{ chart: 'scatter', title: 'Generated networks: how good, and how far from each other' },
      ...{ x: { label: 'mean distance of weights to the others of its kind', min: 0 }, y: accuracyAxis('test accuracy') },
      series: generated
        .filter(({ kind }) => DRAWN.includes(kind))
        .map(({ kind, accuracies, distances }) => ({ name: kind, points: accuracies.map((value, i) => [distances[i]!, value] as const) })),
    }),
  ];
}
