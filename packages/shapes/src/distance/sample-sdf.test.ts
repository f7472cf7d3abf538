import { describe, expect, it } from 'vitest';

import { randomStream } from '@netspace/prep/internal';
import { sampleSdf } from './sample-sdf.js';
import { boxMesh, mergeMeshes } from '../mesh/shape-meshes.js';
import type { TriangleMesh } from '../mesh/triangle-mesh.js';
import { surfaceSampler } from './surface-sampler.js';

const box = boxMesh({ size: [1, 2, 3] });
const distanceTo = ([x = 0, y = 0, z = 0]: ArrayLike<number> & Iterable<number>): number => {
  const beyond = [Math.abs(x) - 0.5, Math.abs(y) - 1, Math.abs(z) - 1.5];
  return Math.min(Math.max(...beyond), 0) + Math.hypot(...beyond.map((excess) => Math.max(excess, 0)));
};

describe('surfaceSampler', () => {
  it('stays on the surface and hits each face in proportion to its area', () => {
    const next = surfaceSampler(box, randomStream(0));
    const hits = [0, 0, 0];
    for (let i = 0; i < 6000; i++) {
      const place = next();
      expect(Math.abs(distanceTo(place))).toBeLessThan(1e-6);
      const axis = [0.5, 1, 1.5].findIndex((half, k) => Math.abs(Math.abs(place[k]!) - half) < 1e-9);
      hits[axis]!++;
    }
    expect(hits.map((count) => count / 6000)).toEqual([6, 3, 2].map((area) => expect.closeTo(area / 11, 1) as number));
  });

  it('is even within a triangle: its mean is the centroid', () => {
    const triangle = { positions: Float32Array.of(0, 0, 0, 3, 0, 0, 0, 6, 0), indices: Uint32Array.of(0, 1, 2) };
    const next = surfaceSampler(triangle, randomStream(1));
    const places = Array.from({ length: 20_000 }, next);
    const mean = (axis: 0 | 1) => places.reduce((sum, place) => sum + place[axis], 0) / places.length;
    expect(mean(0)).toBeCloseTo(1, 1);
    expect(mean(1)).toBeCloseTo(2, 1);
  });
});

describe('sampleSdf', () => {
  it('gives exact distances', async () => {
    const { points, distances } = await sampleSdf(box, { count: 500, seed: 1 });
    for (let i = 0; i < 500; i++) expect(distances[i]).toBeCloseTo(distanceTo(points.subarray(3 * i, 3 * i + 3)), 5);
  });

  it('puts the asked share near the surface, in any beginning of the list', async () => {
    const { distances } = await sampleSdf(box, { count: 1000, seed: 2, nearSurface: 0.75, noise: [0] });
    for (const count of [4, 100, 1000]) {
      const near = distances.subarray(0, count).filter((distance) => Math.abs(distance) < 1e-6).length;
      expect(near).toBe(count * 0.75);
    }
  });

  it('spreads near points by both noises, in diagonals of the box', async () => {
    const plane = boxMesh({ size: [1000, 1000, 1000] }); // so large that edges do not matter
    const { distances } = await sampleSdf(plane, { count: 8000, seed: 3, nearSurface: 1, noise: [0.001, 0.0001] });
    const diagonal = 1000 * Math.sqrt(3);
    const deviation = (turn: number): number => {
      const squares = distances.filter((_, i) => i % 2 === turn).map((distance) => (distance / diagonal) ** 2);
      return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
    };
    expect(deviation(0)).toBeCloseTo(0.001, 4);
    expect(deviation(1)).toBeCloseTo(0.0001, 5);
  });

  it('fills the mesh’s box, 5% larger, or the cube of the given bounds', async () => {
    const reach = (points: Float32Array) => [0, 1, 2].map((axis) => Math.max(...points.filter((_, i) => i % 3 === axis).map(Math.abs)));
    const own = reach((await sampleSdf(box, { count: 4000, seed: 4, nearSurface: 0 })).points);
    expect(own).toEqual([0.525, 1.05, 1.575].map((half) => expect.closeTo(half, 2) as number));
    own.forEach((x, axis) => expect(x).toBeLessThanOrEqual([0.525, 1.05, 1.575][axis]! + 1e-6));
    expect(reach((await sampleSdf(box, { count: 4000, seed: 4, nearSurface: 0, bounds: 2 })).points)).toEqual(
      [2, 2, 2].map((x) => expect.closeTo(x, 1) as number),
    );
  });

  it('depends on the seed alone', async () => {
    expect(await sampleSdf(box, { count: 50, seed: 5 })).toEqual(await sampleSdf(box, { count: 50, seed: 5 }));
    expect(await sampleSdf(box, { count: 50, seed: 5 })).not.toEqual(await sampleSdf(box, { count: 50, seed: 6 }));
  });

  it.each([{ count: -1 }, { count: 1.5 }, { nearSurface: 1.1 }, { nearSurface: NaN }, { noise: [] }, { noise: [-1] }, { bounds: 0 }])(
    'refuses %j',
    async (options) => {
      const sample = () => sampleSdf(box, { count: 1, seed: 0, ...options });
      await expect(sample()).rejects.toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
      await expect(sample()).rejects.toThrow(/^sampleSdf: expected .*, got/);
    },
  );

  it('samples the surface that is seen alone, and refuses a shape beyond the bounds', async () => {
    const parts = mergeMeshes([boxMesh({ size: [2, 2, 2] }), boxMesh({ size: [2, 2, 2], center: [1, 0, 0] })]);
    const { points } = await sampleSdf(parts, { count: 2000, seed: 0, nearSurface: 1, noise: [0] });
    for (let i = 0; i < 2000; i++) {
      const beyond = [Math.abs(points[3 * i]! - 0.5) - 1.5, Math.abs(points[3 * i + 1]!) - 1, Math.abs(points[3 * i + 2]!) - 1];
      expect(Math.max(...beyond)).toBeCloseTo(0, 5);
    }
    await expect(sampleSdf(box, { count: 1, seed: 0, bounds: 1.4 })).rejects.toThrow(
      /within ±1\.4, the `bounds`, got one that reaches 1\.5; read it with placement unit/,
    );
  });

  it('refuses what is no mesh, such as a named one, and says which part of it is', async () => {
    const named = { name: 'box', mesh: boxMesh() } as unknown as TriangleMesh;
    const refused = { code: 'INVALID_OPTION', message: /sampleSdf: expected a mesh with positions and indices, got .*take its mesh/s };
    await expect(sampleSdf(named, { count: 4, seed: 1 })).rejects.toMatchObject(refused);
    await expect(sampleSdf(undefined as unknown as TriangleMesh, { count: 4, seed: 1 })).rejects.toMatchObject(refused);
  });
  it('refuses a mesh without triangles', async () => {
    await expect(sampleSdf({ ...box, indices: new Uint32Array() }, { count: 1, seed: 0 })).rejects.toThrow(/sampleSdf: .*one without/);
  });
});
