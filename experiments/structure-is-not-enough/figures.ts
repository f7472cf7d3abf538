import type { EvaluatedInstance } from '@netspace/explore';

import type { Figure } from '../shared/experiment.js';
import { accuracyAxis, chartFile } from '../shared/results/charts.js';
import type { Kind } from './generated.js';

/** Agreement of reconstructed networks, and how good and how diverse generated ones are. */
export function figures(
  encoded: readonly EvaluatedInstance[],
  refined: readonly EvaluatedInstance[],
  generated: readonly Kind[],
  theirs: number,
): readonly Figure[] {
  const points = (instances: readonly EvaluatedInstance[]) => instances.map((one) => [one.targetAccuracy, one.agreement] as const);
  const best = Math.max(...encoded.map((one) => one.targetAccuracy));
  return [
    chartFile('agreement', {
      ...{ chart: 'scatter', title: 'Held-out networks, encoded and decoded again: agreement with their targets' },
      ...{ x: accuracyAxis('accuracy of the target'), y: { label: 'agreement', format: 'percent', min: 0, max: 1 } },
      series: [
        { name: 'encoded', points: points(encoded) },
        { name: 'refined', points: points(refined) },
        { name: "the paper's mean", points: [[0, theirs], [best, theirs]] }, // prettier-ignore
      ],
    }),
    chartFile('generated', {
      ...{ chart: 'scatter', title: 'Generated networks: how good, and how far from each other' },
      ...{ x: { label: 'mean distance of weights to the others of its kind', min: 0 }, y: accuracyAxis('test accuracy') },
      series: generated.map(({ kind, accuracies, distances }) => ({ name: kind, points: accuracies.map((value, i) => [distances[i]!, value] as const) })), // prettier-ignore
    }),
  ];
}
