import { describe, expect, it } from 'vitest';

import { boxMesh, mergeMeshes, sphereMesh } from './shape-meshes.js';
import type { TriangleMesh } from './triangle-mesh.js';

/** Whether each edge is crossed equally often in both directions. */
function isClosed({ indices }: TriangleMesh): boolean {
  const edges = new Map<string, number>();
  for (let t = 0; t < indices.length; t += 3) {
    for (let k = 0; k < 3; k++) {
      const [a, b] = [indices[t + k]!, indices[t + ((k + 1) % 3)]!];
      const key = a < b ? `${a} ${b}` : `${b} ${a}`;
      edges.set(key, (edges.get(key) ?? 0) + (a < b ? 1 : -1));
    }
  }
  return [...edges.values()].every((crossings) => crossings === 0);
}

describe('boxMesh', () => {
  it('is a closed box of the given place and size', () => {
    const box = boxMesh({ center: [1, 2, 3], size: [2, 4, 6] });
    expect([box.positions.length, box.indices.length, isClosed(box)]).toEqual([24, 36, true]);
    expect([...box.positions.slice(0, 3), ...box.positions.slice(21)]).toEqual([0, 0, 0, 2, 4, 6]);
  });
});

describe('sphereMesh', () => {
  it('is closed, has four times the triangles per level, and its vertices on the sphere', () => {
    for (const subdivisions of [0, 1, 3]) {
      const { positions, indices } = sphereMesh({ center: [1, 0, 0], radius: 2, subdivisions });
      expect(indices.length / 3).toBe(8 * 4 ** subdivisions);
      expect(positions.length / 3).toBe(indices.length / 6 + 2); // Euler: V − E + F = 2
      expect(isClosed({ positions, indices })).toBe(true);
      for (let i = 0; i < positions.length; i += 3) {
        expect(Math.hypot(positions[i]! - 1, positions[i + 1]!, positions[i + 2]!)).toBeCloseTo(2, 6);
      }
    }
  });

  it.each([-1, 0.5, 9])('refuses %s subdivisions', (subdivisions) => {
    expect(() => sphereMesh({ subdivisions })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});

describe('mergeMeshes', () => {
  it('keeps the parts, one after the other', () => {
    const { positions, indices } = mergeMeshes([boxMesh(), boxMesh({ center: [5, 5, 5] })]);
    expect([...positions.slice(24)]).toEqual([...boxMesh({ center: [5, 5, 5] }).positions]);
    expect([...indices.slice(36)]).toEqual([...boxMesh().indices].map((index) => index + 8));
  });
});
