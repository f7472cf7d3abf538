import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { balancedBatches, shuffledBatches } from './batches.js';

const named = { caller: 'train', option: 'batch.nets' };

describe('shuffledBatches', () => {
  it('shows each item at most once an epoch, all if the size divides, in another order each time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), fc.nat(), (count, wanted, seed) => {
        const size = Math.min(wanted, count);
        const batches = shuffledBatches({ count, size, seed, stream: 'images', ...named });
        const perEpoch = Math.floor(count / size);
        for (const epoch of [0, 3]) {
          const seen = Array.from({ length: perEpoch }, (_, i) => [...batches(epoch * perEpoch + i)]).flat();
          expect(new Set(seen).size).toBe(perEpoch * size);
          expect(Math.max(...seen)).toBeLessThan(count);
        }
      }),
    );
    const batches = shuffledBatches({ count: 30, size: 30, seed: 1, stream: 'images', ...named });
    expect(batches(0)).not.toEqual(batches(1));
  });

  it('depends on the step alone, not on the steps asked before', () => {
    const options = { count: 20, size: 3, seed: 5, stream: 'nets', ...named };
    const walked = shuffledBatches(options);
    for (let step = 0; step < 17; step++) walked(step);
    expect(walked(17)).toEqual(shuffledBatches(options)(17));
  });

  it('refuses a batch larger than what there is', () => {
    expect(() => shuffledBatches({ count: 4, size: 5, seed: 0, stream: 'nets', ...named })).toThrow(
      'train: expected batch.nets from 1 to 4, the number of nets, got 5; pass a smaller batch.nets or more nets',
    );
  });
});

describe('balancedBatches', () => {
  const groups = [[0, 1, 2], [10], [20, 21]];

  it('takes from every group alike, and goes through each group before it repeats', () => {
    const batches = balancedBatches({ groups, size: 4, seed: 3, stream: 'nets', ...named });
    const seen = Array.from({ length: 9 }, (_, step) => [...batches(step)]); // 36 places, 12 for each group
    for (const batch of seen) for (const group of groups) expect(batch.some((item) => group.includes(item))).toBe(true);
    const count = (item: number) => seen.flat().filter((other) => other === item).length;
    expect([0, 1, 2, 10, 20, 21].map(count)).toEqual([4, 4, 4, 12, 6, 6]);
  });

  it('depends on the step alone', () => {
    const options = { groups, size: 5, seed: 3, stream: 'nets', ...named };
    const walked = balancedBatches(options);
    for (let step = 0; step < 11; step++) walked(step);
    expect(walked(11)).toEqual(balancedBatches(options)(11));
  });

  it('refuses empty groups and too small batches', () => {
    expect(() => balancedBatches({ groups: [[1], []], size: 2, seed: 0, stream: 'nets', ...named })).toThrow(/group 1 of nets is empty/);
    expect(() => balancedBatches({ groups, size: 2, seed: 0, stream: 'nets', ...named })).toThrow(/batch\.nets of at least 3, .* got 2/);
  });
});
