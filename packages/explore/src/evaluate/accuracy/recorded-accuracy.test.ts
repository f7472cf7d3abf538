import { describe, expect, it } from 'vitest';

import { recordedAccuracyRemarks } from './recorded-accuracy.js';

const dataset = { name: 'digits', mean: [0.1307], std: [0.3081] };
const pairs = (...accuracies: readonly (readonly [recorded: number, measured: number])[]) =>
  accuracies.map(([recorded, measured], i) => ({ name: `net-${i}`, recorded, measured }));

describe('recordedAccuracyRemarks', () => {
  it('says that a zoo was trained on other images, with the worst network', () => {
    const [remark, ...more] = recordedAccuracyRemarks(pairs([0.9, 0.8], [0.95, 0.1], [0.9, 0.89]), 10_000, dataset);
    expect(remark).toMatch(
      /median difference is 10\.0 points; net-1 has testAccuracy 0\.95 in the zoo and 0\.1 on digits.*mean 0\.1307 and deviation 0\.3081/,
    );
    expect(more).toEqual([]);
  });
  it('is silent about small differences, single networks, and what chance gives on few images', () => {
    expect(recordedAccuracyRemarks(pairs([0.9, 0.86], [0.5, 0.54]), 10_000, dataset)).toEqual([]);
    expect(recordedAccuracyRemarks(pairs([0.9, 0.1], [0.9, 0.9], [0.8, 0.8]), 10_000, dataset)).toEqual([]);
    expect(recordedAccuracyRemarks(pairs([0.9, 0.8]), 100, dataset)).toEqual([]); // standard error up to 5 points
    expect(recordedAccuracyRemarks([], 10_000, dataset)).toEqual([]);
  });
  it('finds percents', () => expect(recordedAccuracyRemarks(pairs([95, 0.95]), 10_000, dataset)).toHaveLength(1));
});
