import { chartSvg } from '@netspace/report';

import type { ArchitectureAccuracy } from '../shared/architecture-accuracy.js';
import type { ArchitectureWalks } from '../shared/architecture-walks.js';
import type { Figure } from '../shared/experiment.js';
import { shortName } from '../shared/short-name.js';
import { meanAndBand } from '../shared/statistics.js';
import type { UnseenArchitecture } from './unseen-architectures.js';

export function figures({
  unseen,
  architectures,
  walks: { gammas, walks },
}: {
  readonly unseen: readonly UnseenArchitecture[];
  readonly architectures: readonly ArchitectureAccuracy[];
  readonly walks: ArchitectureWalks;
}): readonly Figure[] {
  const accuracies = meanAndBand(walks.map((one) => one.accuracies));
  const [smallest, largest] = [architectures.at(0)!, architectures.at(-1)!];
  const of = (pick: (one: UnseenArchitecture) => number) => [null, ...unseen.map(pick), null];
  return [
    {
      name: 'unseen.svg',
      content: chartSvg({
        ...{ kind: 'chart', chart: 'bar', title: 'Networks of seen (first, last) and unseen architectures' },
        categories: [smallest.architecture, ...unseen.map(({ architecture }) => architecture), largest.architecture].map(shortName),
        y: { label: 'test accuracy', format: 'percent', min: 0 },
        series: [
          { name: 'decoded', values: [smallest.predicted, ...unseen.map(({ interpolated }) => interpolated.mean), largest.predicted] },
          { name: 'untrained', values: of(({ untrained }) => untrained.mean) },
          { name: 'two trained ones averaged', values: of(({ averaged }) => averaged.mean) },
          { name: 'PReps of the ends averaged', values: of(({ averagedEnds }) => averagedEnds.mean) },
          { name: 'trained for it', values: [smallest.target, ...unseen.map(({ trained }) => trained.mean), largest.target] },
        ],
      }),
    },
    {
      name: 'walk-accuracy.svg',
      content: chartSvg({
        ...{ kind: 'chart', chart: 'line', title: 'From the smallest to the largest architecture' },
        x: { label: 'γ', min: 0, max: 1 },
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
  ];
}
