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
