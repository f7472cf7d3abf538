import type { ArchitectureAccuracy, BoundaryWalks } from '@netspace/explore';
import { bandSeries } from '@netspace/report';

import { accuracyAxis, chartFile, gammaAxis } from '../shared/results/charts.js';
import type { Figure } from '../shared/experiment.js';
import { shortName } from '../shared/results/short-name.js';
import { accuracyAt } from './look.js';

/** What was measured of a space of several architectures. */
export interface MeasuredForm {
  readonly architectures: readonly ArchitectureAccuracy[];
  readonly walks: BoundaryWalks;
}

export function figures({
  paper,
  fromTheBest,
  teacherAccuracy,
  compared,
}: {
  readonly paper: MeasuredForm;
  readonly fromTheBest: MeasuredForm;
  readonly teacherAccuracy: number;
  readonly compared: Readonly<Record<string, Readonly<Record<string, number>>>>;
}): readonly Figure[] {
  const { architectures } = paper;
  const { gammas } = paper.walks;
  return [
    chartFile('accuracy', {
      ...{ chart: 'bar', title: 'Held-out networks and what the space makes of them', y: accuracyAxis('test accuracy') },
      categories: architectures.map(({ architecture }) => shortName(architecture)),
      series: [
        { name: 'target', values: architectures.map(({ target }) => target) },
        { name: "predicted, the paper's form", values: architectures.map(({ predicted }) => predicted) },
        { name: 'predicted, from the best', values: fromTheBest.architectures.map(({ predicted }) => predicted) },
        { name: 'teacher', values: architectures.map(() => teacherAccuracy) },
      ],
    }),
    chartFile('walk-accuracy', {
      ...{ chart: 'line', title: 'From the smallest to the largest architecture', x: gammaAxis, y: accuracyAxis('test accuracy') },
      series: bothForms(({ accuracies }) => accuracies),
    }),
    chartFile('walk-class-id', {
      ...{ chart: 'line', title: 'ClassId on the way', x: gammaAxis, y: { label: 'ClassId', format: 'integer', min: 0 } },
      series: bothForms(({ classIds }) => classIds),
    }),
    ablationsFigure(gammas, compared),
  ];

  /** Means and ranges of the walks of both. */
  function bothForms(of: (walk: BoundaryWalks['walks'][number]) => readonly number[]) {
    return [
      bandSeries("the paper's form", gammas, paper.walks.walks.map(of)),
      bandSeries('from the best', gammas, fromTheBest.walks.walks.map(of)),
    ];
  }
}

const ablationsFigure = (gammas: readonly number[], compared: Readonly<Record<string, Readonly<Record<string, number>>>>): Figure =>
  chartFile('ablations', {
    ...{
      chart: 'line',
      title: 'The same walks in other forms of the space, at equal steps',
      x: gammaAxis,
      y: accuracyAxis('test accuracy'),
    },
    series: Object.entries(compared).map(([name, values], i) => ({
      ...{ name, dashed: i > 0 },
      points: gammas.map((x) => [x, values[accuracyAt(x)] ?? 0] as const),
    })),
  });
