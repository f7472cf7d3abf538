import { meshPlausibility } from '@netspace/shapes';
import { describe, expect, it } from 'vitest';

import { surfaceNets } from './surface-nets.js';

/** A field on a grid, of a function of x, y and z. */
function sampled(cells: number, field: (x: number, y: number, z: number) => number, bounds = 0.6) {
  const side = cells + 1;
  const at = (i: number) => (i / cells - 0.5) * 2 * bounds;
  const values = Float32Array.from({ length: side ** 3 }, (_, i) =>
    field(at(i % side), at(Math.floor(i / side) % side), at(Math.floor(i / side ** 2))),
  );
  return { cells, bounds, values };
}

describe('surfaceNets', () => {
  it('is a sphere: closed, outward, of its radius and volume', () => {
    const { positions, normals, indices } = surfaceNets(sampled(32, (x, y, z) => Math.hypot(x, y, z) - 0.4));
    const { closed, components, volume } = meshPlausibility({ positions, indices });
    expect({ closed, components }).toEqual({ closed: true, components: 1 });
    expect(volume / ((4 / 3) * Math.PI * 0.4 ** 3)).toBeCloseTo(1, 1); // positive: triangles look outward
    for (let i = 0; i < positions.length; i += 3) {
      const [x, y, z] = positions.subarray(i, i + 3) as unknown as [number, number, number];
      expect(Math.hypot(x, y, z)).toBeCloseTo(0.4, 2);
      expect((x * normals[i]! + y * normals[i + 1]! + z * normals[i + 2]!) / Math.hypot(x, y, z)).toBeGreaterThan(0.99);
    }
  });

  it('closes a shape that reaches the sides, and is empty for none', () => {
    const { positions, indices } = surfaceNets(sampled(8, (x) => x));
    expect(meshPlausibility({ positions, indices }).closed).toBe(true);
    expect(surfaceNets(sampled(8, () => 1)).indices).toHaveLength(0);
    expect(surfaceNets(sampled(8, () => NaN)).indices).toHaveLength(0); // a network that has diverged has no inside
  });
});
