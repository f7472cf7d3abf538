import { chartSvg } from '@netspace/report';

import type { ArchitectureAccuracy } from '../shared/architecture-accuracy.js';
import type { ArchitectureWalks } from '../shared/architecture-walks.js';
import { bandSeries } from '../shared/charts.js';
import type { Figure } from '../shared/experiment.js';
import { shortName } from '../shared/short-name.js';
import { accuracyAt } from './look.js';

/** What was measured of a space of several architectures. */
export interface MeasuredForm {
  readonly architectures: readonly ArchitectureAccuracy[];
  readonly walks: ArchitectureWalks;
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
  const gamma = { label: 'γ', min: 0, max: 1 };
  return [
    {
      name: 'accuracy.svg',
      content: chartSvg({
        ...{ kind: 'chart', chart: 'bar', title: 'Held-out networks and what the space makes of them' },
        categories: architectures.map(({ architecture }) => shortName(architecture)),
        y: { label: 'test accuracy', format: 'percent', min: 0 },
        series: [
          { name: 'target', values: architectures.map(({ target }) => target) },
          { name: "predicted, the paper's form", values: architectures.map(({ predicted }) => predicted) },
          { name: 'predicted, from the best', values: fromTheBest.architectures.map(({ predicted }) => predicted) },
          { name: 'teacher', values: architectures.map(() => teacherAccuracy) },
        ],
      }),
    },
    {
      name: 'walk-accuracy.svg',
      content: chartSvg({
        ...{ kind: 'chart', chart: 'line', title: 'From the smallest to the largest architecture', x: gamma },
        y: { label: 'test accuracy', format: 'percent', min: 0 },
        series: bothForms(({ accuracies }) => accuracies),
      }),
    },
    {
      name: 'walk-class-id.svg',
      content: chartSvg({
        ...{ kind: 'chart', chart: 'line', title: 'ClassId on the way', x: gamma, y: { label: 'ClassId', format: 'integer', min: 0 } },
        series: bothForms(({ classIds }) => classIds),
      }),
    },
    ablationsFigure(gammas, compared),
  ];

  /** Means and ranges of the walks of both. */
  function bothForms(of: (walk: ArchitectureWalks['walks'][number]) => readonly number[]) {
    return [
      bandSeries("the paper's form", gammas, paper.walks.walks.map(of)),
      bandSeries('from the best', gammas, fromTheBest.walks.walks.map(of)),
    ];
  }
}

const ablationsFigure = (gammas: readonly number[], compared: Readonly<Record<string, Readonly<Record<string, number>>>>): Figure => ({
  name: 'ablations.svg',
  content: chartSvg({
    ...{
      kind: 'chart',
      chart: 'line',
      title: 'The same walks in other forms of the space, at equal steps',
      x: { label: 'γ', min: 0, max: 1 },
    },
    y: { label: 'test accuracy', format: 'percent', min: 0 },
    series: Object.entries(compared).map(([name, values], i) => ({
      ...{ name, dashed: i > 0 },
      points: gammas.map((x) => [x, values[accuracyAt(x)] ?? 0] as const),
    })),
  }),
});
