import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { secondsCovered, type Span } from './spans.js';

const spans = fc.array(fc.tuple(fc.nat(60), fc.nat(20)).map(([from, length]): Span => [from, from + length]));

describe('secondsCovered', () => {
  it('counts each second once', () => {
    fc.assert(
      fc.property(spans, (list) => {
        const seconds = new Set(list.flatMap(([from, to]) => Array.from({ length: to - from }, (_, i) => from + i)));
        expect(secondsCovered(list)).toBe(seconds.size);
      }),
    );
  });
});
