import type { Architecture, Instance } from '@netspace/prep';
import { describeOnRuntimes } from '@netspace/testing';
import { boxMesh } from '../mesh/shape-meshes.js';
import { signedDistances } from '../distance/signed-distances.js';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import type { SdfField } from '../measure/evaluate-sdf.js';
import { extractMesh } from './extract-mesh.js';

/** An architecture whose one parameter is the radius of a sphere. */
const sphere: Architecture = {
  name: 'sphere',
  parameters: [{ name: 'radius', shape: [1] }],
  apply: ([radius], x) => tf.sub(tf.norm(x, 'euclidean', 1, true), radius!), // [N, 1]
};
const sphereOf = (radius: number): Instance => ({ architecture: sphere, parameters: [tf.tensor1d([radius])] });

/** A field out of a function of x, y and z. */
const field =
  (f: (x: number, y: number, z: number) => number): SdfField =>
  (points) =>
    Float32Array.from({ length: points.length / 3 }, (_, i) => f(points[3 * i]!, points[3 * i + 1]!, points[3 * i + 2]!));

describeOnRuntimes('extractMesh', () => {
  it('finds the sphere that a network holds: closed, outward, with its volume, at every level', async () => {
    const instance = sphereOf(0.4);
    const before = tf.memory().numTensors;
    for (const level of [0, -0.1, 0.05]) {
      const { positions, indices, volume, components, cavities, closed, largestShare } = await extractMesh(instance, {
        resolution: 32,
        level,
      });
      const radius = 0.4 + level;
      expect({ components, cavities, closed, largestShare }).toEqual({ components: 1, cavities: 0, closed: true, largestShare: 1 });
      expect(volume / ((4 / 3) * Math.PI * radius ** 3)).toBeCloseTo(1, 1);
      for (let i = 0; i < positions.length; i += 3) {
        expect(Math.abs(Math.hypot(...positions.subarray(i, i + 3)) - radius)).toBeLessThan(0.004); // a tenth of a cell
      }
      expect(Math.max(...indices)).toBe(positions.length / 3 - 1);
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('comes closer to the volume with a finer grid', async () => {
    const error = async (resolution: number) =>
      Math.abs((await extractMesh(sphereOf(0.4), { resolution })).volume - (4 / 3) * Math.PI * 0.4 ** 3);
    expect(await error(32)).toBeLessThan((await error(16)) / 3); // second order: a quarter
  });
});

describe('extractMesh', () => {
  it('gives a mesh back through its own signed distances', async () => {
    const box = boxMesh({ size: [0.8, 0.5, 0.3], center: [0.05, 0, -0.02] });
    const { volume, components } = await extractMesh((points) => signedDistances(box, points), { resolution: 24 });
    expect(components).toBe(1);
    expect(volume / 0.12).toBeCloseTo(1, 1);
  });

  it('counts separate solids and a cavity', async () => {
    const shell = (x: number, y: number, z: number) => Math.abs(Math.hypot(x + 0.25, y, z) - 0.2) - 0.07;
    const ball = (x: number, y: number, z: number) => Math.hypot(x - 0.4, y, z) - 0.1;
    const mesh = await extractMesh(
      field((x, y, z) => Math.min(shell(x, y, z), ball(x, y, z))),
      { resolution: 40 },
    );
    expect([mesh.components, mesh.cavities, mesh.closed]).toEqual([2, 1, true]);
  });

  it('is empty where nothing is inside, and closes what the bounds cut off', async () => {
    const empty = await extractMesh(
      field(() => 1),
      { resolution: 8 },
    );
    expect([empty.positions.length, empty.indices.length, empty.volume, empty.components]).toEqual([0, 0, 0, 0]);
    const full = await extractMesh(
      field((x) => x),
      { resolution: 8, bounds: 1 },
    );
    expect(full.closed).toBe(true);
    expect(full.volume).toBeGreaterThan(3);
  });

  it.each([
    [{ resolution: 1 }, /resolution to be an integer from 2 to 128, got 1/],
    [{ resolution: 12.5 }, /got 12\.5/],
    [{ resolution: 129 }, /got 129/],
    [{ bounds: 0 }, /bounds to be a positive number, got 0/],
    [{ level: NaN }, /level to be a finite number, got NaN/],
  ])('refuses %j', async (options, message) => {
    await expect(
      extractMesh(
        field(() => 1),
        options,
      ),
    ).rejects.toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    await expect(
      extractMesh(
        field(() => 1),
        options,
      ),
    ).rejects.toThrow(message);
  });

  it('refuses values that are no numbers, telling where', async () => {
    const broken = field((x) => (x > 0.5 ? NaN : 1));
    await expect(extractMesh(broken, { resolution: 4 })).rejects.toThrow(/expected finite distances, got NaN at \(0\.\d+, /);
  });
});
