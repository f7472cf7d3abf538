import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { SdfField } from './evaluate-sdf.js';
import { occupancyIou } from './occupancy-iou.js';

const ball =
  (radius: number, center = 0): SdfField =>
  (points) =>
    Float32Array.from(
      { length: points.length / 3 },
      (_, i) => Math.hypot(points[3 * i]! - center, points[3 * i + 1]!, points[3 * i + 2]!) - radius,
    );
/** Everything with x below a plane. */
const below =
  (x: number): SdfField =>
  (points) =>
    points.filter((_, i) => i % 3 === 0).map((place) => place - x);

describe('occupancyIou', () => {
  it('is the ratio of volumes for a ball within a ball', async () => {
    expect(await occupancyIou(ball(0.3), ball(0.5), { resolution: 48 })).toBeCloseTo(0.6 ** 3, 2);
  });

  it('is exact for half spaces, which the grid cuts between cells: 25% of the box in 75% of it', async () => {
    expect(await occupancyIou(below(-0.3), below(0.3), { resolution: 8 })).toBe(1 / 3);
    expect(await occupancyIou(below(0), below(0), { resolution: 8, level: 0.3 })).toBe(1);
  });

  it('is symmetric, and 1 for a shape and itself', async () => {
    const radius = fc.double({ min: 0.1, max: 0.5, noNaN: true });
    await fc.assert(
      fc.asyncProperty(radius, radius, fc.double({ min: -0.3, max: 0.3, noNaN: true }), async (a, b, shift) => {
        const [first, second] = [ball(a), ball(b, shift)];
        const options = { resolution: 12 };
        expect(await occupancyIou(first, second, options)).toBe(await occupancyIou(second, first, options));
        expect(await occupancyIou(first, first, options)).toBe(1);
      }),
      { numRuns: 20 },
    );
  });

  it('is 0 for shapes apart, and says so where both are empty', async () => {
    expect(await occupancyIou(ball(0.2, -0.3), ball(0.2, 0.3))).toBe(0);
    expect(await occupancyIou(ball(-1), ball(0.2))).toBe(0);
    const outside = ball(5, 50); // a shape beyond the cube
    await expect(occupancyIou(outside, outside)).rejects.toThrow(
      /a point inside in the cube of ±0\.6, got two that are empty there; scale/,
    );
    await expect(occupancyIou(ball(0.1), ball(0.1), { points: Float32Array.of(1, 1, 1) })).rejects.toThrow(/the 1 points/);
    expect(await occupancyIou(outside, outside, { whenEmpty: 1 })).toBe(1);
    expect(await occupancyIou(outside, outside, { whenEmpty: NaN })).toBeNaN(); // so that a mean can leave it out
  });

  it('refuses a field that is not finite somewhere, whichever it is', async () => {
    const sick: SdfField = (points) => Float32Array.from({ length: points.length / 3 }, (_, i) => (i === 3 ? NaN : points[3 * i]!));
    const pairs: readonly [SdfField, SdfField][] = [
      [sick, ball(0.4)],
      [ball(0.4), sick],
      [sick, sick],
    ];
    for (const pair of pairs) {
      await expect(occupancyIou(...pair, { resolution: 8 })).rejects.toThrow(/occupancyIou: expected finite distances, got NaN at \(/);
    }
  });

  it('compares at given points alone', async () => {
    const points = Float32Array.of(0, 0, 0, 0.35, 0, 0, 0.45, 0, 0, 0.55, 0, 0);
    expect(await occupancyIou(ball(0.4), ball(0.5), { points })).toBe(2 / 3);
  });

  it.each([{ resolution: 0 }, { resolution: 1.5 }, { resolution: 513 }, { bounds: -1 }])('refuses %j', async (options) => {
    await expect(occupancyIou(ball(1), ball(1), options)).rejects.toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
