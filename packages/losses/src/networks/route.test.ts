import { describeOnRuntimes } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { routeByArgMax, routeByTarget } from './route.js';

describeOnRuntimes('routes', () => {
  const logits = () =>
    tf.tensor2d([
      [1, 3, 2],
      [5, -1, 5],
    ]);
  it('takes the most probable architecture, the first of equal ones', () => {
    expect(routeByArgMax(logits(), [0, 0])).toEqual([1, 0]);
  });
  it('takes the architecture that is meant', () => {
    expect(routeByTarget(logits(), [2, 1])).toEqual([2, 1]);
  });
});

it('routeByArgMax says what to give instead where webgpu cannot be read at once', async () => {
  await tf.setBackend('cpu');
  const cpu = tf.backend();
  tf.registerBackend('webgpu', () => cpu); // its name is all that matters here
  try {
    await tf.setBackend('webgpu');
    expect(() => routeByArgMax(tf.tensor2d([[0, 1]]), [0])).toThrow(/webgpu in Node; give the loss `route: routeByTarget`/);
  } finally {
    await tf.setBackend('cpu');
    tf.removeBackend('webgpu');
  }
});
