import { describe, expect, it } from 'vitest';

import { normalStream, randomStream } from '@netspace/prep/internal';

import { liftFromPlane, onPlane, principalPlane } from './principal-plane.js';
import { symmetricEigen } from './symmetric-eigen.js';

/** Points `mean + a · s₁ · u + b · s₂ · v` with a and b from a full grid, of which variances and axes are known. */
function grid(size: number, [s1, s2]: readonly [number, number]) {
  const [u, v, mean] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  [u[0], u[1], v[0], v[1], mean[2]] = [0.6, 0.8, 0.8, -0.6, 5];
  const steps = [-2, -1, 0, 1, 2];
  const rows = steps.flatMap((a) => steps.map((b) => Array.from({ length: size }, (_, j) => mean[j]! + a * s1 * u[j]! + b * s2 * v[j]!)));
  return { u, v, mean, values: Float32Array.from(rows.flat()), count: rows.length };
}

describe('principalPlane', () => {
  it('finds the axes, the mean and the shares of points that lie in a plane', () => {
    const { u, v, mean, values, count } = grid(7, [3, 1]);
    const plane = principalPlane(values, count, 7);
    plane.mean.forEach((value, j) => expect(value).toBeCloseTo(mean[j]!, 5));
    plane.axes[0].forEach((value, j) => expect(value).toBeCloseTo(u[j]!, 5));
    plane.axes[1].forEach((value, j) => expect(value).toBeCloseTo(v[j]!, 5));
    expect(plane.explained[0]).toBeCloseTo(0.9, 5); // 3² of 3² + 1²
    expect(plane.explained[1]).toBeCloseTo(0.1, 5);
    const [x, y] = onPlane(plane, values.subarray(0, 7));
    expect([x, y]).toEqual([expect.closeTo(-6, 4), expect.closeTo(-2, 4)]);
    liftFromPlane(plane, x, y).forEach((value, j) => expect(value).toBeCloseTo(values[j]!, 4));
  });

  it.each([
    ['none', 0],
    ['one', 1],
    ['two', 2],
  ])('has an answer of finite numbers for %s', (_, count) => {
    const plane = principalPlane(
      Float32Array.from({ length: 4 * count }, (_value, i) => (i < 4 ? 1 : 2)),
      count,
      4,
    );
    expect([...plane.mean, ...plane.axes[0], ...plane.axes[1], ...plane.explained].every(Number.isFinite)).toBe(true);
    expect(plane.explained[0]).toBeCloseTo(count === 2 ? 1 : 0, 6);
  });

  it('finds the two axes of most variance among 200, from 4,000 rows of noise', () => {
    const [count, size] = [4000, 200];
    const normal = normalStream(randomStream(3));
    const values = Float32Array.from({ length: count * size }, (_, i) => normal() * (i % size === 7 ? 2.4 : i % size === 3 ? 2.2 : 1));
    const { axes } = principalPlane(values, count, size);
    expect(axes[0][7]).toBeGreaterThan(0.95);
    expect(axes[1][3]).toBeGreaterThan(0.95);
  });
});

describe('symmetricEigen', () => {
  it('solves what one solves by hand', () => {
    const { values, vectors } = symmetricEigen([
      [2, 1, 0],
      [1, 2, 0],
      [0, 0, 5],
    ]);
    expect(values).toEqual([expect.closeTo(5, 9), expect.closeTo(3, 9), expect.closeTo(1, 9)]);
    expect(Math.abs(vectors[1]![0]!)).toBeCloseTo(Math.SQRT1_2, 9);
    expect(vectors[2]![0]! * vectors[2]![1]!).toBeCloseTo(-0.5, 9);
  });
});
