import { describe, expect, it } from 'vitest';

import { normalStream, randomPermutation, randomStream } from './random.js';

const draw = (count: number, next: () => number): number[] => Array.from({ length: count }, next);
const moment = (values: readonly number[], power: number): number => values.reduce((sum, x) => sum + x ** power, 0) / values.length;

describe('randomStream', () => {
  it('has the moments of the uniform distribution on [0, 1)', () => {
    const values = draw(20_000, randomStream(3));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    for (const power of [1, 2, 3]) expect(moment(values, power)).toBeCloseTo(1 / (power + 1), 2);
  });

  it('is one stream per list of seeds, order and high bits included', () => {
    expect(draw(4, randomStream(1, 2))).toEqual(draw(4, randomStream(1, 2)));
    const streams = [[], [0], [0, 0], [1, 2], [2, 1], [2 ** 32 + 1, 2], [-1, 2]].map((seeds) => draw(4, randomStream(...seeds)).join());
    expect(new Set(streams).size).toBe(streams.length);
  });

  it('does not correlate between neighboring seeds', () => {
    const firsts = Array.from({ length: 5000 }, (_, step) => randomStream(7, step)() - 0.5);
    const product = firsts.slice(1).reduce((sum, x, i) => sum + x * firsts[i]!, 0) / firsts.length;
    expect(Math.abs(product)).toBeLessThan(4 / 12 / Math.sqrt(5000)); // four standard errors
  });
});

describe('normalStream', () => {
  it('has the moments 0, 1, 0, 3', () => {
    const values = draw(40_000, normalStream(randomStream(1)));
    expect(moment(values, 1)).toBeCloseTo(0, 1);
    expect(moment(values, 2)).toBeCloseTo(1, 1);
    expect(moment(values, 3)).toBeCloseTo(0, 1);
    expect(Math.abs(moment(values, 4) - 3)).toBeLessThan(0.15);
  });
});

describe('randomPermutation', () => {
  it('holds each number once and moves them about evenly', () => {
    const uniform = randomStream(9);
    const sums = new Float64Array(5);
    for (let i = 0; i < 4000; i++) {
      const order = randomPermutation(5, uniform);
      expect([...order].sort()).toEqual([0, 1, 2, 3, 4]);
      order.forEach((value, at) => (sums[at]! += value / 4000));
    }
    sums.forEach((mean) => expect(mean).toBeCloseTo(2, 0));
  });
});
