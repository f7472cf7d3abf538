import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { evenlySpread } from './evenly-spread.js';

describe('evenlySpread', () => {
  it('is all of them where all are asked for', () => {
    expect(evenlySpread(4, 4)).toEqual([0, 1, 2, 3]);
    expect(evenlySpread(0, 4)).toEqual([]);
  });
  it('takes as many of each class of a sorted list as any fair share, to one', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (classes, each, part) => {
          const among = classes * each;
          const count = Math.ceil(part * among);
          const indices = evenlySpread(count, among);
          expect(new Set(indices).size).toBe(count);
          for (let label = 0; label < classes; label++) {
            const own = indices.filter((index) => Math.floor(index / each) === label).length;
            expect(Math.abs(own - count / classes)).toBeLessThan(1);
          }
        },
      ),
    ));
});
