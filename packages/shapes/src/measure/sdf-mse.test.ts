import { boxMesh } from '../mesh/shape-meshes.js';
import { sampleSdf } from '../distance/sample-sdf.js';
import { signedDistances } from '../distance/signed-distances.js';
import { describe, expect, it } from 'vitest';

import { sdfMse } from './sdf-mse.js';

const box = boxMesh();
const samples = await sampleSdf(box, { count: 200, seed: 0 });

describe('sdfMse', () => {
  it('is 0 for the shape itself and c² for distances that are off by c', async () => {
    expect(await sdfMse((points) => signedDistances(box, points), samples)).toBe(0);
    expect(await sdfMse(async (points) => (await signedDistances(box, points)).map((d) => d + 0.25), samples)).toBeCloseTo(0.0625, 6);
  });

  it('is the mean square of the distances for a field of zeros', async () => {
    const expected = samples.distances.reduce((sum, d) => sum + d * d, 0) / 200;
    expect(await sdfMse((points) => new Float32Array(points.length / 3), samples)).toBeCloseTo(expected, 12);
  });

  it('refuses no samples, and points without distances', async () => {
    for (const wrong of [
      { points: new Float32Array(), distances: new Float32Array() },
      { ...samples, distances: new Float32Array(7) },
    ]) {
      await expect(sdfMse(() => [], wrong)).rejects.toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
    }
  });

  it('refuses a field, and distances, that are not finite', async () => {
    await expect(sdfMse(() => new Float32Array(200).fill(NaN), samples)).rejects.toThrow(/finite distances, got NaN/);
    const sick = { ...samples, distances: samples.distances.map((d, i) => (i === 7 ? Infinity : d)) };
    await expect(sdfMse(() => new Float32Array(200), sick)).rejects.toThrow(/finite distances, got Infinity/);
  });
});
