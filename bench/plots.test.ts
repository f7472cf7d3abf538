import { expect, it } from 'vitest';

import { plotResults } from './plots.js';
import { qualityCharts, qualityTable, type QualityRun } from './quality/quality-results.js';
import { RECIPES, stepOfLook } from './quality/recipes.js';
import type { Scenario } from './scenario.js';

const result = (name: string, nets: number, median: number) => ({
  scenario: {
    name,
    nets,
    kind: 'single',
    images: 1,
    prepShape: [8, 8],
    architectures: 1,
    peer: false,
    rounds: 1,
    repeats: 1,
    apart: false,
  } satisfies Scenario,
  taken: { date: '2026-01-01', commit: 'abc' },
  measurements: [{ contender: 'wasm', about: {}, seconds: [median], median, peakBytes: 2 ** 30 }],
  failures: [],
});

it('draws each thing that grows, and bars of steps and their memory', () => {
  const growth = plotResults('growth', [result('nets 1', 1, 1), result('nets 2', 2, 3)]);
  expect([...growth.keys()]).toEqual(['bench-nets.svg']);
  expect(growth.get('bench-nets.svg')).toMatch(/^<svg[^]*A step by networks in the batch[^]*<\/svg>$/);
  expect([...plotResults('steps', [result('single', 2, 1)]).keys()]).toEqual(['bench-steps.svg', 'bench-memory.svg']);
  expect(plotResults('uses', []).size).toBe(0);
});

it('finds the first look at which a space can be trusted in difference and order alike, and draws runs as far as all seeds go', () => {
  const point = (minutes: number, difference: number, spearman: number) => ({
    ...{ step: minutes, seconds: 120 * minutes, processorSeconds: 60 * minutes, load: 2, agreement: 0.5 },
    ...{ difference, spearman },
  });
  const run = (seed: number, points: QualityRun['points']): QualityRun => ({
    ...{ contender: 'ours', seed, taken: { date: '2026-01-01', commit: 'abc' }, isOver: true, peakBytes: 2 ** 30, points },
  });
  const runs = [run(0, [point(1, 0.02, 0.5), point(2, 0.05, 0.96), point(3, 0.03, 0.95)]), run(1, [point(1, 0.2, 0), point(4, 0.1, 0.5)])];
  const [, , first, second] = qualityTable(runs).split('\n');
  expect(first).toContain('| 3.0 | 0.95 | 50.0 | 2.0 (4.0) | 2.0 (4.0) | 3.0 (6.0) |');
  expect(second).toContain('| not reached | not reached | not reached |');
  const charts = qualityCharts(runs);
  expect([...charts.keys()]).toEqual(['bench-quality-difference.svg', 'bench-quality-spearman.svg', 'bench-quality-agreement.svg']);
  expect(charts.get('bench-quality-difference.svg')).toMatch(/^<svg[^]*mean difference of accuracy[^]*<\/svg>$/);
});

it('looks at the early steps, then evenly, and last at the end', () => {
  const looks = Array.from({ length: 19 }, (_, look) => stepOfLook(RECIPES.recommended, look));
  expect(looks.slice(0, 5)).toEqual([10, 25, 50, 100, 200]);
  expect(looks.slice(-2)).toEqual([1500, 1500]);
});
