import { chartSvg, type ChartFigure } from '@netspace/report';

import type { Measurement } from './measure.js';
import type { Result } from './result.js';
import type { Scenario } from './scenario.js';

/** A set of results as pictures, SVG files by name. */
export function plotResults(set: string, results: readonly Result[]): ReadonlyMap<string, string> {
  const figures = set === 'growth' ? growthFigures(results) : set === 'steps' ? stepFigures(results) : [];
  return new Map(figures.map(([name, figure]) => [`bench-${name}.svg`, chartSvg(figure)]));
}

const GROWTH: readonly { name: string; title: string; label: string; at: (scenario: Scenario) => number }[] = [
  { name: 'PRep', title: 'A step by the size of the PRep', label: 'elements of a PRep', at: ({ prepShape: [h, w] }) => h * w },
  { name: 'nets', title: 'A step by networks in the batch', label: 'networks', at: ({ nets }) => nets },
  {
    name: 'architectures',
    title: 'A step by architectures in the space',
    label: 'architectures',
    at: ({ architectures }) => architectures,
  },
];

function growthFigures(results: readonly Result[]): [string, ChartFigure][] {
  return GROWTH.flatMap(({ name, title, label, at }): [string, ChartFigure][] => {
    const part = results.filter(({ scenario }) => scenario.name.startsWith(`${name} `));
    const contenders = contendersOf(part);
    if (contenders.length === 0) return [];
    const series = contenders.map((contender) => ({
      name: contender,
      points: part.flatMap(({ scenario, measurements }) =>
        measurements.flatMap((taken) => (taken.contender === contender ? [[at(scenario), taken.median] as const] : [])),
      ),
    }));
    const [x, y] = [{ label }, { label: 'seconds a step, median', min: 0 }];
    return [[name.toLowerCase(), { kind: 'chart', chart: 'line', title, x, y, series }]];
  });
}

function stepFigures(results: readonly Result[]): [string, ChartFigure][] {
  const bars = (title: string, label: string, value: (taken: Measurement) => number): ChartFigure => ({
    ...{ kind: 'chart', chart: 'bar', title },
    categories: results.map(({ scenario }) => scenario.name),
    y: { label, min: 0 },
    series: contendersOf(results).map((contender) => ({
      name: contender,
      values: results.map(({ measurements }) => {
        const taken = measurements.find((one) => one.contender === contender);
        return taken === undefined ? null : value(taken);
      }),
    })),
  });
  return [
    ['steps', bars('A training step', 'seconds, median', ({ median }) => median)],
    ['memory', bars('Peak memory of a training step', 'GiB', ({ peakBytes }) => peakBytes / 2 ** 30)],
  ];
}

const contendersOf = (results: readonly Result[]): string[] => [
  ...new Set(results.flatMap(({ measurements }) => measurements.map(({ contender }) => contender))),
];
