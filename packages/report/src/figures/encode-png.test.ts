import { decode } from 'fast-png';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { encodePng } from './encode-png.js';

describe('encodePng', () => {
  it('writes what a PNG reader reads back, whatever the pixels', () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }));
    fc.assert(
      fc.property(sizes, fc.uint8ClampedArray({ minLength: 324, maxLength: 324 }), ([width, height], bytes) => {
        const data = bytes.slice(0, width * height * 4);
        const read = decode(encodePng({ width, height, data }));
        expect([read.width, read.height, read.channels, read.depth]).toEqual([width, height, 4, 8]);
        expect([...read.data]).toEqual([...data]);
      }),
      { numRuns: 30 },
    );
  });
  it('refuses data of another size', () => {
    expect(() => encodePng({ width: 2, height: 3, data: new Uint8ClampedArray(23) })).toThrow(/2×3×4 = 24 bytes of RGBA, got 23/);
  });
});
