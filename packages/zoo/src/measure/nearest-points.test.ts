import { describeOnRuntimes } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { nearestPoints } from './nearest-points.js';

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
