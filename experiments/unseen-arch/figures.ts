import type { ArchitectureAccuracy, BoundaryWalks } from '@netspace/explore';
import { bandSeries } from '@netspace/report';

import { accuracyAxis, chartFile, gammaAxis } from '../shared/results/charts.js';
import type { Figure } from '../shared/experiment.js';
import { shortName } from '../shared/results/short-name.js';
import type { UnseenArchitecture } from './unseen-architectures.js';

export function figures({
  unseen,
  architectures,
  walks: { gammas, walks },
}: {
  readonly unseen: readonly UnseenArchitecture[];
  readonly architectures: readonly ArchitectureAccuracy[];
  readonly walks: BoundaryWalks;
}): readonly Figure[] {
  const accuracies = walks.map((one) => one.accuracies);
  const [smallest, largest] = [architectures.at(0)!, architectures.at(-1)!];
  const of = (pick: (one: UnseenArchitecture) => number) => [null, ...unseen.map(pick), null];
  return [
    chartFile('unseen', {
      ...{ chart: 'bar', title: 'Networks of seen (first, last) and unseen architectures', y: accuracyAxis('test accuracy') },
      categories: [smallest.architecture, ...unseen.map(({ architecture }) => architecture), largest.architecture].map(shortName),
      series: [
        { name: 'decoded', values: [smallest.predicted, ...unseen.map(({ interpolated }) => interpolated.mean), largest.predicted] },
        { name: 'untrained', values: of(({ untrained }) => untrained.mean) },
        { name: 'two trained ones averaged', values: of(({ averaged }) => averaged.mean) },
        { name: 'PReps of the ends averaged', values: of(({ averagedEnds }) => averagedEnds.mean) },
        { name: 'trained for it', values: [smallest.target, ...unseen.map(({ trained }) => trained.mean), largest.target] },
      ],
    }),
    chartFile('walk-accuracy', {
      ...{ chart: 'line', title: 'From the smallest to the largest architecture', x: gammaAxis, y: accuracyAxis('test accuracy') },
      series: [bandSeries('mean and range of the walks', gammas, accuracies)],
    }),
  ];
}
