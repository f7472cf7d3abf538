import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { commonRange } from './common-range.js';

const axis = { label: '' };

describe('commonRange', () => {
  it('ends both axes at the ticks around all points', () => {
    expect(commonRange({ x: axis, y: axis, points: [[0.33, 0.4], [0.51, 0.48]] })).toEqual({ min: 0.3, max: 0.55, interval: 0.05 }); // prettier-ignore
    expect(commonRange({ x: { ...axis, min: 0 }, y: axis, points: [[0.33, 0.4]] })).toEqual({ min: 0, max: 0.4, interval: 0.1 });
    expect(commonRange({ x: axis, y: axis, points: [[7, 7]] })).toEqual({ min: 6, max: 8, interval: 2 });
    expect(commonRange({ x: axis, y: axis, points: [[0, 0]] })).toEqual({ min: -0.2, max: 0.2, interval: 0.2 });
    const { min, max } = commonRange({ x: axis, y: axis, points: [[-999999.9999995001, -999999.9999995002]] })!;
    expect([min, max]).toEqual([-1e6, -8e5]); // they differ by rounding alone
  });

  it('holds every point', () => {
    const number = fc.double({ noNaN: true, min: -1e6, max: 1e6 });
    fc.assert(
      fc.property(fc.array(fc.tuple(number, number), { minLength: 1 }), (points) => {
        const { min, max } = commonRange({ x: axis, y: axis, points })!;
        const slack = 1e-9 * Math.max(Math.abs(min), Math.abs(max));
        return min < max && points.flat().every((value) => value >= min - slack && value <= max + slack);
      }),
    );
  });

  it('is powers of ten on logarithmic axes, and none where only one is, or where there is no point', () => {
    const log = { ...axis, scale: 'log' } as const;
    expect(commonRange({ x: log, y: log, points: [[0.02, 300]] })).toEqual({ min: 0.01, max: 1000 });
    expect(commonRange({ x: log, y: axis, points: [[0.02, 300]] })).toBeUndefined();
    expect(commonRange({ x: axis, y: axis, points: [] })).toBeUndefined();
  });
});
