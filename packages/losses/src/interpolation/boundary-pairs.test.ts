import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { boundaryPairs } from './boundary-pairs.js';

describe('boundaryPairs', () => {
  it('pairs the smallest with the largest in either order', () => {
    expect(boundaryPairs([3, 1, 0, 2, 0], 4)).toEqual([
      { smallest: 2, largest: 0 },
      { smallest: 4, largest: 0 },
    ]);
  });
  it('is empty where one side is missing, or there is one architecture', () => {
    expect(boundaryPairs([0, 1, 0], 3)).toEqual([]);
    expect(boundaryPairs([0, 0], 1)).toEqual([]);
  });
  it('finds (number of smallest) × (number of largest) pairs, each once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 5 }).chain((a) => fc.tuple(fc.constant(a), fc.array(fc.nat({ max: a - 1 })))),
        ([a, ids]) => {
          const pairs = boundaryPairs(ids, a);
          const count = (id: number) => ids.filter((other) => other === id).length;
          expect(new Set(pairs.map(({ smallest, largest }) => `${smallest} ${largest}`)).size).toBe(count(0) * count(a - 1));
          for (const { smallest, largest } of pairs) expect([ids[smallest], ids[largest]]).toEqual([0, a - 1]);
        },
      ),
    );
  });
  it('refuses ClassIds that no architecture has', () => {
    expect(() => boundaryPairs([0, 4], 4)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    expect(() => boundaryPairs([0], 0)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
