import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { boxMesh, mergeMeshes, sphereMesh } from '../mesh/shape-meshes.js';
import { signedDistances } from './signed-distances.js';

const coordinate = fc.double({ min: -2, max: 2, noNaN: true });
const point = fc.tuple(coordinate, coordinate, coordinate).map((xyz) => Float32Array.from(xyz));

describe('signedDistances', () => {
  it('is the closed form for a box: max(|p| − h) inside, the length of its positive part outside', async () => {
    const half = [0.5, 1, 1.5] as const;
    const box = boxMesh({ size: [1, 2, 3] });
    await fc.assert(
      fc.asyncProperty(point, async (p) => {
        const beyond = [...p].map((x, axis) => Math.abs(x) - half[axis]!);
        const expected = Math.min(Math.max(...beyond), 0) + Math.hypot(...beyond.map((x) => Math.max(x, 0)));
        expect((await signedDistances(box, p))[0]).toBeCloseTo(expected, 5);
      }),
    );
  });

  it('is |p| − 1 for a sphere, but for the flatness of its triangles', async () => {
    const sphere = sphereMesh({ subdivisions: 5 });
    await fc.assert(
      fc.asyncProperty(point, async (p) => {
        expect(Math.abs((await signedDistances(sphere, p))[0]! - (Math.hypot(...p) - 1))).toBeLessThan(2e-3);
      }),
      { numRuns: 15 },
    );
  });

  it('is negative in the overlap of two parts', async () => {
    const parts = mergeMeshes([boxMesh({ size: [2, 2, 2] }), boxMesh({ size: [2, 2, 2], center: [1, 0, 0] })]);
    expect((await signedDistances(parts, Float32Array.of(0.5, 0, 0)))[0]).toBeCloseTo(-0.5, 6);
  });

  it('leaves the mesh as it was', async () => {
    const mesh = sphereMesh();
    await signedDistances(mesh, new Float32Array(3));
    expect(mesh).toEqual(sphereMesh());
  });

  it('refuses points that are no triples', async () => {
    await expect(signedDistances(boxMesh(), new Float32Array(2))).rejects.toThrow(/signedDistances: expected points in threes, got 2/);
  });
});
