import { expect, it } from 'vitest';

import { plotResults } from './plots.js';
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
