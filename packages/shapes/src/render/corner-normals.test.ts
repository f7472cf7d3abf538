import { describe, expect, it } from 'vitest';

import { cornerNormals } from './corner-normals.js';
import { ballMesh, cubeMesh } from '../testing/meshes.js';

describe('cornerNormals', () => {
  it('points away from the center of a ball', () => {
    const { positions, indices } = ballMesh();
    const normals = cornerNormals({ positions, indices });
    const misses = normals.map((value, i) => Math.abs(value - positions[indices[Math.floor(i / 3)]! * 3 + (i % 3)]!));
    expect(Math.max(...misses)).toBeLessThan(0.07); // the poles, whose vertices are not shared, miss by half a ring
  });
  it("keeps a cube's edges: each normal is along one axis, outwards", () => {
    const { positions, indices } = cubeMesh();
    const normals = cornerNormals({ positions, indices });
    for (let corner = 0; corner < indices.length; corner++) {
      const normal = [0, 1, 2].map((axis) => normals[corner * 3 + axis]!);
      const axis = normal.findIndex((value) => value !== 0);
      expect(normal[axis]).toBe(positions[indices[corner]! * 3 + axis]);
      expect(normal.filter((value) => value !== 0)).toHaveLength(1);
    }
  });
  it('gives zero vectors for triangles without an area', () => {
    expect([...cornerNormals({ positions: new Float32Array(9), indices: Uint32Array.from([0, 1, 2]) })]).toEqual(Array(9).fill(0));
  });
});
