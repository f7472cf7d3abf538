import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { randomStream } from '@netspace/prep/internal';
import { boxMesh, mergeMeshes, sphereMesh } from '../mesh/shape-meshes.js';
import type { TriangleMesh } from '../mesh/triangle-mesh.js';
import { windingNumbers } from './winding-numbers.js';

const cube = boxMesh({ size: [2, 2, 2] });
const coordinate = fc.double({ min: -3, max: 3, noNaN: true });
const point = fc.tuple(coordinate, coordinate, coordinate).map((xyz) => Float32Array.from(xyz));

/** The sum of Jacobson's equation (4) and (5), an arctangent per triangle. */
function arctangents({ positions, indices }: TriangleMesh, p: ArrayLike<number>): number {
  let sum = 0;
  for (let t = 0; t < indices.length; t += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => [0, 1, 2].map((axis) => positions[indices[t + k]! * 3 + axis]! - p[axis]!)) as [
      number[],
      number[],
      number[],
    ];
    const dot = (u: number[], v: number[]) => u[0]! * v[0]! + u[1]! * v[1]! + u[2]! * v[2]!;
    const cross = [b[1]! * c[2]! - b[2]! * c[1]!, b[2]! * c[0]! - b[0]! * c[2]!, b[0]! * c[1]! - b[1]! * c[0]!];
    const [A, B, C] = [Math.hypot(...a), Math.hypot(...b), Math.hypot(...c)];
    sum += 2 * Math.atan2(dot(a, cross), A * B * C + dot(a, b) * C + dot(b, c) * A + dot(c, a) * B);
  }
  return sum / (4 * Math.PI);
}

describe('windingNumbers', () => {
  it('is 1 inside a cube and 0 outside', () => {
    fc.assert(
      fc.property(point, (p) => {
        const reach = Math.max(...p.map(Math.abs));
        fc.pre(Math.abs(reach - 1) > 1e-6);
        expect(windingNumbers(cube, p)[0]).toBeCloseTo(reach < 1 ? 1 : 0, 6);
      }),
    );
  });

  it('is 1 inside a sphere and 0 outside', () => {
    const sphere = sphereMesh({ subdivisions: 4 });
    fc.assert(
      fc.property(point, (p) => {
        const radius = Math.hypot(...p);
        fc.pre(radius < 0.99 || radius > 1); // between lies the mesh
        expect(windingNumbers(sphere, p)[0]).toBeCloseTo(radius < 1 ? 1 : 0, 6);
      }),
    );
  });

  it('adds up over parts: 2 where two cubes overlap, −1 in a cube turned inside out', () => {
    const shifted = boxMesh({ size: [2, 2, 2], center: [1, 0, 0] });
    const inverted = { ...cube, indices: cube.indices.slice().reverse() };
    const places = Float32Array.of(-0.5, 0.1, 0.2, 0.5, 0.1, 0.2, 1.5, 0.1, 0.2, 2.5, 0.1, 0.2);
    expect([...windingNumbers(mergeMeshes([cube, shifted]), places)].map(Math.round)).toEqual([1, 2, 1, 0]);
    windingNumbers(inverted, places).forEach((number, i) => expect(number).toBeCloseTo([-1, -1, 0, 0][i]!, 6));
  });

  it('counts many nested shells', () => {
    const shells = mergeMeshes(Array.from({ length: 40 }, (_, i) => sphereMesh({ radius: 1 + i, subdivisions: 1 })));
    expect(windingNumbers(shells, Float32Array.of(0.1, -0.2, 0.05))[0]).toBeCloseTo(40, 5);
  });

  it('is the share of the view that a mesh with a hole covers: 5/6 at the center of a cube without a face', () => {
    const open = { ...cube, indices: cube.indices.slice(6) };
    expect(windingNumbers(open, new Float32Array(3))[0]).toBeCloseTo(5 / 6, 6);
  });

  it('equals the sum of arctangents for any soup of triangles, at any scale', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 40 }), fc.constantFrom(1e-12, 1, 1e12), (seed, triangles, scale) => {
        const random = randomStream(seed);
        const draw = (length: number) => Float32Array.from({ length }, () => scale * (random() - 0.5));
        const soup = { positions: draw(triangles * 9), indices: Uint32Array.from({ length: triangles * 3 }, (_, i) => i) };
        const p = draw(3);
        expect(windingNumbers(soup, p)[0]).toBeCloseTo(arctangents(soup, p), 5);
      }),
    );
  });

  it('stays finite on corners, edges and faces', () => {
    expect([...windingNumbers(cube, Float32Array.of(1, 1, 1, 1, 1, 0, 1, 0, 0, 1, 0.5, 0.25))].every(Number.isFinite)).toBe(true);
  });

  it.each([
    ['points', { ...cube }, new Float32Array(4), /expected points in threes, got 4 numbers/],
    ['positions', { ...cube, positions: new Float32Array(5) }, new Float32Array(3), /positions in threes, got 5/],
    ['indices', { ...cube, indices: new Uint32Array(1) }, new Float32Array(3), /indices in threes, got 1/],
    ['a mesh without triangles', { ...cube, indices: new Uint32Array() }, new Float32Array(3), /one without/],
    [
      'a corner that does not exist',
      { ...cube, indices: Uint32Array.of(0, 1, 8) },
      new Float32Array(3),
      /below 8, the number of vertices, got 8/,
    ],
  ])('refuses %s', (_, mesh, points, message) => {
    expect(() => windingNumbers(mesh, points)).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
    expect(() => windingNumbers(mesh, points)).toThrow(message);
  });
});
