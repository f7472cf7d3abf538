import { describe, expect, it } from 'vitest';

import { meanAbsoluteDifference, meanAndBand, spearman, spread } from './statistics.js';

describe('statistics', () => {
  it('correlates ranks, ties at their mean rank, and is 0 where there are none', () => {
    expect(spearman([1, 2, 3, 4], [1, 8, 27, 64])).toBeCloseTo(1, 12);
    expect(spearman([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
    expect(spearman([1, 2, 3, 4], [1, 1, 2, 2])).toBeCloseTo(2 / Math.sqrt(5), 12); // ranks 1.5 1.5 3.5 3.5
    expect(spearman([1, 2, 3], [5, 5, 5])).toBe(0);
    expect(spearman([1], [2])).toBe(0);
  });
  it('summarizes numbers in any order', () => {
    expect(spread([5, 1, 3])).toEqual({ mean: 3, std: Math.sqrt(8 / 3), min: 1, median: 3, max: 5 });
    expect(meanAbsoluteDifference([1, 5], [2, 3])).toBe(1.5);
  });
  it('summarizes curves place by place', () => {
    expect(meanAndBand([[1, 2], [3, 8]])).toEqual([{ mean: 2, min: 1, max: 3 }, { mean: 5, min: 2, max: 8 }]); // prettier-ignore
  });
});
