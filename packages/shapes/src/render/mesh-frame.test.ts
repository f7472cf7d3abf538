import { describe, expect, it } from 'vitest';

import { meshFrame } from './mesh-frame.js';
import { ballMesh, cubeMesh } from '../testing/meshes.js';

describe('meshFrame', () => {
  it('is the ball itself', () => {
    const { center, radius } = meshFrame([ballMesh({ radius: 3 })]);
    for (const value of center) expect(value).toBeCloseTo(0, 5);
    expect(radius).toBeCloseTo(3, 5);
  });
  it('holds all meshes', () => {
    const { positions, indices } = cubeMesh();
    const moved = { positions: positions.map((value, i) => (i % 3 === 0 ? value + 4 : value)), indices };
    expect(meshFrame([cubeMesh(), moved])).toEqual({ center: [2, 0, 0], radius: Math.sqrt(9 + 1 + 1) });
  });
  it('is the unit ball where there is nothing', () => {
    expect(meshFrame([])).toEqual({ center: [0, 0, 0], radius: 1 });
  });
});
