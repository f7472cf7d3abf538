import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { randomStream } from '@netspace/prep/internal';
import { signedDistances } from '../distance/signed-distances.js';
import { windingNumbers } from '../distance/winding-numbers.js';
import { boxMesh, mergeMeshes, sphereMesh } from '../mesh/shape-meshes.js';
import type { Triple } from '../mesh/triangle-mesh.js';
import { outerSurface } from './outer-surface.js';
import { orientFaces } from './orient-faces.js';
import { WorkBudget } from './work-budget.js';

const coordinate = fc.double({ min: -1, max: 1, noNaN: true });
const side = fc.double({ min: 0.2, max: 1.5, noNaN: true });
const triple = (of: fc.Arbitrary<number>): fc.Arbitrary<Triple> => fc.tuple(of, of, of);

describe('outerSurface', () => {
  it('leaves a good mesh, and one of parts that lie apart, the same object', () => {
    for (const mesh of [boxMesh(), sphereMesh(), mergeMeshes([boxMesh(), boxMesh({ center: [3, 0, 0] })])]) {
      expect(orientFaces(mesh)).toBe(mesh);
      expect(outerSurface(mesh)).toBe(mesh);
    }
  });

  it('has the area of the union of two cubes that overlap', () => {
    const outer = outerSurface(mergeMeshes([boxMesh({ size: [2, 2, 2] }), boxMesh({ size: [2, 2, 2], center: [1, 0.5, 0.25] })]));
    // Both cubes have 24; each loses what lies in the other: the faces of the common box of 1 × 1.5 × 1.75.
    const lost = 2 * (1 * 1.5 + 1.5 * 1.75 + 1 * 1.75);
    expect(area(outer)).toBeCloseTo(48 - lost, 5);
  });

  it('makes distances of any crossing boxes and balls agree with the solid: the ball of the distance is all inside, and touches out', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(triple(coordinate), triple(side)), { minLength: 2, maxLength: 4 }),
        fc.nat(),
        async (boxes, seed) => {
          const mesh = mergeMeshes([
            ...boxes.map(([center, size]) => boxMesh({ center, size })),
            sphereMesh({ radius: 0.7, subdivisions: 1 }),
          ]);
          const random = randomStream(seed);
          const points = Float32Array.from({ length: 60 }, () => 3 * random() - 1.5);
          const [outer, every] = await Promise.all([signedDistances(mesh, points), signedDistances(mesh, points, { surface: 'every' })]);
          outer.forEach((distance, i) => {
            if (distance > 0) expect(distance).toBeCloseTo(every[i]!, 5);
            else expect(distance).toBeLessThanOrEqual(every[i]! + 1e-6);
            const shell = Float32Array.from({ length: 90 }, () => random() - 0.5);
            for (let k = 0; k < shell.length; k += 3) {
              const length = Math.hypot(...shell.subarray(k, k + 3));
              for (let axis = 0; axis < 3; axis++) {
                shell[k + axis] = points[3 * i + axis]! + ((0.999 * Math.abs(distance) - 1e-4) * shell[k + axis]!) / length;
              }
            }
            if (Math.abs(distance) > 1e-3) expect([...windingNumbers(mesh, shell)].every((w) => w > 0.5 === distance < 0)).toBe(true);
          });
        },
      ),
      { numRuns: 15, seed: 1 },
    );
  });

  it('refuses more work than its budget', () => {
    const many = mergeMeshes(Array.from({ length: 20 }, (_, i) => boxMesh({ center: [0.01 * i, 0.003 * i, 0] })));
    expect(() => outerSurface(many, new WorkBudget(1e5))).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }));
  });
});

function area({ positions, indices }: ReturnType<typeof boxMesh>): number {
  let sum = 0;
  for (let t = 0; t < indices.length; t += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => [...positions.subarray(3 * indices[t + k]!, 3 * indices[t + k]! + 3)]);
    const [u, v] = [b!.map((x, axis) => x - a![axis]!), c!.map((x, axis) => x - a![axis]!)];
    sum += Math.hypot(u[1]! * v[2]! - u[2]! * v[1]!, u[2]! * v[0]! - u[0]! * v[2]!, u[0]! * v[1]! - u[1]! * v[0]!) / 2;
  }
  return sum;
}
