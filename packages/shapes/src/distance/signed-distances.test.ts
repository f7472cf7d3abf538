import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { boxMesh, mergeMeshes, sphereMesh } from '../mesh/shape-meshes.js';
import type { TriangleMesh } from '../mesh/triangle-mesh.js';
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

  const bar = (p: ArrayLike<number>, half: readonly number[]): number => {
    const beyond = half.map((h, axis) => Math.abs(p[axis]!) - h);
    return Math.min(Math.max(...beyond), 0) + Math.hypot(...beyond.map((x) => Math.max(x, 0)));
  };
  const cube = boxMesh({ size: [2, 2, 2] });
  const turn = (mesh: TriangleMesh, which: (t: number) => boolean): TriangleMesh => {
    const indices = mesh.indices.slice();
    for (let t = 0; t < indices.length / 3; t++) if (which(t)) indices.subarray(3 * t, 3 * t + 3).reverse();
    return { ...mesh, indices };
  };
  const soup = ({ positions, indices }: TriangleMesh): TriangleMesh => ({
    positions: Float32Array.from([...indices].flatMap((index) => [...positions.subarray(3 * index, 3 * index + 3)])),
    indices: Uint32Array.from(indices, (_, i) => i),
  });
  const shell = mergeMeshes([cube, turn(boxMesh({ size: [1, 1, 1] }), () => true)]);
  const cubeDistance = (p: ArrayLike<number>) => bar(p, [1, 1, 1]);
  const shellDistance = (p: ArrayLike<number>) => Math.max(bar(p, [1, 1, 1]), -bar(p, [0.5, 0.5, 0.5]));
  const unionDistance = (p: ArrayLike<number>) => bar([p[0]! - 0.5, p[1]!, p[2]!], [1.5, 1, 1]);
  const beside = boxMesh({ size: [2, 2, 2], center: [1, 0, 0] });

  it.each([
    ['inside out', turn(cube, () => true), cubeDistance],
    ['with every other face turned', turn(cube, (t) => t % 2 === 0), cubeDistance],
    ['with half of the faces turned', turn(cube, (t) => t < 6), cubeDistance],
    ['with one face turned', turn(cube, (t) => t === 7), cubeDistance],
    ['of loose triangles, inside out', soup(turn(cube, () => true)), cubeDistance],
    ['of loose triangles, half turned', soup(turn(cube, (t) => t % 3 === 0)), cubeDistance],
    ['with every face twice', mergeMeshes([cube, cube]), cubeDistance],
    ['with every face twice, once either way', mergeMeshes([cube, turn(cube, () => true)]), cubeDistance],
    [
      'with some faces twice, either way',
      { ...cube, indices: Uint32Array.from([...cube.indices, ...turn(cube, () => true).indices.subarray(0, 12)]) },
      cubeDistance,
    ],
    ['with a cube within', mergeMeshes([cube, boxMesh({ size: [1, 1, 1] })]), cubeDistance],
    ['with a cavity', shell, shellDistance],
    ['with a cavity, inside out', turn(shell, () => true), shellDistance],
    ['with a cavity, a third of its faces turned', turn(shell, (t) => t % 3 === 0), shellDistance],
    ['that overlaps another', mergeMeshes([cube, beside]), unionDistance],
    ['that overlaps another, which is inside out', mergeMeshes([cube, turn(beside, () => true)]), unionDistance],
    [
      'in two halves that share a wall',
      mergeMeshes([boxMesh({ size: [1, 2, 2], center: [-0.5, 0, 0] }), boxMesh({ size: [1, 2, 2], center: [0.5, 0, 0] })]),
      cubeDistance,
    ],
    [
      'in two halves that share a wall and its corners',
      soup(mergeMeshes([boxMesh({ size: [1, 2, 2], center: [-0.5, 0, 0] }), boxMesh({ size: [1, 2, 2], center: [0.5, 0, 0] })])),
      cubeDistance,
    ],
  ] as const)('is the distance to the solid that one sees: a cube %s', async (_, mesh, expected) => {
    const places = fc.sample(point, { numRuns: 200, seed: 1 });
    const distances = await signedDistances(mesh, Float32Array.from(places.flatMap((p) => [...p])));
    places.forEach((p, i) => expect(distances[i]).toBeCloseTo(expected(p), 5));
  });

  it('counts only what is seen of parts that cross: a cross of two bars', async () => {
    const cross = mergeMeshes([boxMesh({ size: [4, 1, 1] }), boxMesh({ size: [1, 4, 0.8] })]);
    // Inside the arms' crossing the nearest boundary is the rim of the corner between the arms, or top and bottom.
    const [center, arm, outside] = await signedDistances(cross, Float32Array.of(0, 0, 0, 1.5, 0, 0, 1, 1, 0));
    expect(center).toBeCloseTo(-0.5, 6);
    expect(arm).toBeCloseTo(-0.5, 6);
    expect(outside).toBeCloseTo(0.5, 6);
  });

  it('keeps the bits of a good mesh, and of all faces if asked', async () => {
    const points = Float32Array.from({ length: 300 }, (_, i) => Math.sin(i) * 1.3);
    for (const mesh of [cube, sphereMesh(), shell]) {
      expect(await signedDistances(mesh, points)).toEqual(await signedDistances(mesh, points, { surface: 'every' }));
    }
    expect((await signedDistances(mergeMeshes([cube, beside]), Float32Array.of(0.5, 0, 0), { surface: 'every' }))[0]).toBeCloseTo(-0.5, 6);
  });

  it('refuses points and vertices that are not finite, instead of repeating the distance before', async () => {
    for (const bad of [NaN, Infinity]) {
      await expect(signedDistances(cube, Float32Array.of(0, 0, 0, 1, bad, 1))).rejects.toThrow(
        `expected finite points, got ${bad} as y of number 1`,
      );
      const broken = { ...cube, positions: cube.positions.map((x, i) => (i === 5 ? bad : x)) };
      await expect(signedDistances(broken, new Float32Array(3))).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    }
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
