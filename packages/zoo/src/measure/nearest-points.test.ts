import { describeOnRuntimes } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { nearestPoints, pointsNear } from './nearest-points.js';

/** The distance from the plane x = 1. */
const plane = {
  architecture: { name: 'plane', parameters: [], apply: (_: unknown, x: tf.Tensor) => tf.sub(tf.slice(x, [0, 0], [-1, 1]), 1) },
  parameters: [],
};

describeOnRuntimes('nearestPoints', () => {
  it('chooses the points closest to the surface, on both sides, in order, and leaks none', async () => {
    const points = tf.tensor2d([4, 0, 7, 0.5, 0, 8, 1.5, 0, 9, 1, 0, 3, -3, 0, 2], [5, 3]);
    const before = tf.memory().numTensors;
    const { points: found, values } = await nearestPoints(plane, points, 3);
    expect(tf.memory().numTensors).toBe(before + 2);
    expect(await found.array()).toEqual([[1, 0, 3], [0.5, 0, 8], [1.5, 0, 9]]); // prettier-ignore
    expect(await values.array()).toEqual([0, -0.5, 0.5]);
    tf.dispose([points, found, values]);
  });
});

describeOnRuntimes('pointsNear', () => {
  it('draws points of the cube, and keeps a share: those in a shell of this share of its volume', async () => {
    const wall = { ...plane, architecture: { ...plane.architecture, apply: (_: unknown, x: tf.Tensor) => tf.slice(x, [0, 0], [-1, 1]) } };
    const drawn = { bounds: 2, candidates: 20_000, share: 1 / 16 };
    const before = tf.memory().numTensors;
    const points = await pointsNear(wall, { ...drawn, seed: 7 });
    expect(tf.memory().numTensors).toBe(before);
    expect(points).toHaveLength(3 * 1250);
    const [x, y] = [0, 1].map((axis) => points.filter((_, i) => i % 3 === axis).map(Math.abs)) as [Float32Array, Float32Array];
    expect(Math.max(...x) / (2 / 16)).toBeCloseTo(1, 1);
    expect(Math.max(...y) / 2).toBeCloseTo(1, 2);
    expect(await pointsNear(wall, { ...drawn, seed: 7 })).toEqual(points);
    expect(await pointsNear(wall, { ...drawn, seed: 8 })).not.toEqual(points);
  });
});
