import { chartSvg } from '@netspace/explore/report';

import type { ArchitectureAccuracy } from '../shared/architecture-accuracy.js';
import type { ArchitectureWalks } from '../shared/architecture-walks.js';
import type { Figure } from '../shared/experiment.js';
import { shortName } from '../shared/short-name.js';
import { meanAndBand } from '../shared/statistics.js';
import { accuracyAt } from './look.js';

export function figures({
  architectures,
  teacherAccuracy,
  walks: { gammas, walks },
  compared,
}: {
  readonly architectures: readonly ArchitectureAccuracy[];
  readonly teacherAccuracy: number;
  readonly walks: ArchitectureWalks;
  readonly compared: Readonly<Record<string, Readonly<Record<string, number>>>>;
}): readonly Figure[] {
  const accuracies = meanAndBand(walks.map((one) => one.accuracies));
  const classIds = meanAndBand(walks.map((one) => one.classIds));
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
          { name: 'predicted', values: architectures.map(({ predicted }) => predicted) },
          { name: 'teacher', values: architectures.map(() => teacherAccuracy) },
        ],
      }),
    },
    {
      name: 'walk-accuracy.svg',
      content: chartSvg({
        ...{ kind: 'chart', chart: 'line', title: 'From the smallest to the largest architecture', x: gamma },
        y: { label: 'test accuracy', format: 'percent', min: 0 },
        series: [
          {
            name: 'mean and range of the walks',
            points: gammas.map((x, i) => [x, accuracies[i]!.mean]),
            band: accuracies.map(({ min, max }) => [min, max]),
          },
        ],
      }),
    },
    {
      name: 'walk-class-id.svg',
      content: chartSvg({
        ...{ kind: 'chart', chart: 'line', title: 'ClassId on the way', x: gamma, y: { label: 'ClassId', format: 'integer', min: 0 } },
        series: [
          {
            name: 'mean and range of the walks',
            points: gammas.map((x, i) => [x, classIds[i]!.mean]),
            band: classIds.map(({ min, max }) => [min, max]),
          },
        ],
      }),
    },
    ...(Object.keys(compared).length > 1 ? [ablationsFigure(gammas, compared)] : []),
  ];
}

const ablationsFigure = (gammas: readonly number[], compared: Readonly<Record<string, Readonly<Record<string, number>>>>): Figure => ({
  name: 'ablations.svg',
  content: chartSvg({
    ...{
      kind: 'chart',
      chart: 'line',
      title: 'The same walks without parts of the loss, at equal steps',
      x: { label: 'γ', min: 0, max: 1 },
    },
    y: { label: 'test accuracy', format: 'percent', min: 0 },
    series: Object.entries(compared).map(([name, values], i) => ({
      ...{ name, dashed: i > 0 },
      points: gammas.map((x) => [x, values[accuracyAt(x)] ?? 0] as const),
    })),
  }),
});
