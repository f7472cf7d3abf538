import { bandSeries } from '@netspace/report';

import { accuracyAxis, chartFile, gammaAxis, learningSeries, predictedChart } from '../shared/results/charts.js';
import type { Figure } from '../shared/experiment.js';
import type { MeasuredForm } from './measure-form.js';

/** Of the first form's spaces; what the others make of held-out networks stands beside it. */
export function figures({ runs }: MeasuredForm, others: readonly MeasuredForm[]): readonly Figure[] {
  const walks = runs.flatMap((run) => run.walks);
  const gammas = walks[0]!.gammas;
  const first = runs[0]!;
  return [
    predictedChart('predicted', 'Encoded and decoded again: accuracy on test images', [
      { name: 'held out', accuracy: first.heldOut },
      { name: 'trained on', accuracy: first.known },
      ...others.map(({ form, runs: [other] }) => ({ name: `held out${form.label}`, accuracy: other!.heldOut })),
    ]),
    chartFile('walks', {
      ...{ chart: 'line', title: `From weak to strong: mean and range of ${walks.length} walks` },
      ...{ x: gammaAxis, y: accuracyAxis('test accuracy') },
      series: [
        bandSeries(
          'embeddings interpolated',
          gammas,
          walks.map(({ accuracies }) => accuracies),
        ),
        bandSeries(
          'weights averaged',
          gammas,
          walks.map(({ averages }) => averages),
        ),
      ],
    }),
    chartFile('learning', {
      ...{ chart: 'line', title: 'Held-out networks while the space learns' },
      ...{ x: { label: 'step', format: 'integer' }, y: { label: 'Spearman; mean difference of accuracy' } },
      series: runs.flatMap(({ seed, curve }) => [
        learningSeries(`Spearman, seed ${seed}`, curve, 'heldOutSpearman'),
        learningSeries(`difference, seed ${seed}`, curve, 'heldOutDifference'),
      ]),
    }),
  ];
}
