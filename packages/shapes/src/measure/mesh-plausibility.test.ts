import { boxMesh, mergeMeshes, sphereMesh } from '../mesh/shape-meshes.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { meshPlausibility } from './mesh-plausibility.js';

const side = fc.double({ min: 0.1, max: 3, noNaN: true });
const place = fc.double({ min: -5, max: 5, noNaN: true });

describe('meshPlausibility', () => {
  it('gives a box its volume, wherever it is', () => {
    fc.assert(
      fc.property(fc.tuple(side, side, side), fc.tuple(place, place, place), (size, center) => {
        const { volume, ...rest } = meshPlausibility(boxMesh({ size, center }));
        expect(volume).toBeCloseTo(size[0] * size[1] * size[2], 4);
        expect(rest).toEqual({ components: 1, cavities: 0, largestShare: 1, closed: true });
      }),
    );
  });

  it('gives a sphere 4/3 π r³, but for its flat triangles', () => {
    expect(meshPlausibility(sphereMesh({ radius: 2, subdivisions: 5 })).volume / ((4 / 3) * Math.PI * 8)).toBeCloseTo(1, 2);
  });

  it('tells parts, their shares, and cavities', () => {
    const inverted = (mesh: ReturnType<typeof boxMesh>) => ({ ...mesh, indices: mesh.indices.slice().reverse() });
    const parts = mergeMeshes([
      boxMesh({ size: [3, 1, 1] }),
      boxMesh({ size: [1, 1, 1], center: [9, 0, 0] }),
      inverted(boxMesh({ size: [0.5, 0.5, 0.5] })),
    ]);
    expect(meshPlausibility(parts)).toEqual({ volume: 3.875, components: 2, cavities: 1, largestShare: 0.75, closed: true });
  });

  it('sees a hole', () => {
    const box = boxMesh();
    expect(meshPlausibility({ ...box, indices: box.indices.slice(3) }).closed).toBe(false);
  });

  it('is zero for an empty mesh', () => {
    const empty = { positions: new Float32Array(), indices: new Uint32Array() };
    expect(meshPlausibility(empty)).toEqual({ volume: 0, components: 0, cavities: 0, largestShare: 0, closed: true });
  });

  it.each([
    [new Float32Array(4), new Uint32Array(3)],
    [new Float32Array(9), new Uint32Array(4)],
    [new Float32Array(9), Uint32Array.of(0, 1, 3)],
  ])('refuses what is no mesh (%#)', (positions, indices) => {
    expect(() => meshPlausibility({ positions, indices })).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
  });
});
