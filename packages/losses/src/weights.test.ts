import { describeOnRuntimes, expectClose, expectNoLeak } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { elementWeights, weightsLoss } from './weights.js';

describeOnRuntimes('weightsLoss', () => {
  const shape = [2, 2] as const;
  const numbers = (...values: number[]) => tf.tensor3d(values, [values.length / 4, 2, 2]);

  it('is the mean squared difference over parameters and networks, padding left out', () => {
    const weights = elementWeights({ prepShape: shape, parameterCount: 3 });
    expectClose(weights.dataSync(), [1 / 3, 1 / 3, 1 / 3, 0], 1e-7);
    const loss = weightsLoss(numbers(1, 2, 3, 100, 0, 0, 0, 0), numbers(1, 0, 0, -100, 0, 0, 1, 5), weights);
    expectClose(loss.dataSync(), [((4 + 9) / 3 + 1 / 3) / 2], 1e-6);
  });
  it('counts each element in units of its deviation', () => {
    const deviation = numbers(1, 2, 10, 1);
    const weights = elementWeights({ prepShape: shape, parameterCount: 4, deviation });
    expectClose(weightsLoss(numbers(1, 2, 10, 0), numbers(0, 0, 0, 0), weights).dataSync(), [3 / 4], 1e-6);
  });
  it('has the gradient 2 w (p − t) / networks', () => {
    const [predicted, target] = [numbers(1, 2, 3, 4), numbers(0, 0, 0, 0)];
    const weights = elementWeights({ prepShape: shape, parameterCount: 2 });
    const gradient = tf.grad((p) => weightsLoss(p as tf.Tensor3D, target, weights))(predicted);
    expectClose(gradient.dataSync(), [1, 2, 0, 0], 1e-6);
  });
  it('leaks no tensor', () => {
    const [predicted, target] = [numbers(1, 2, 3, 4), numbers(0, 0, 0, 0)];
    const weights = elementWeights({ prepShape: shape, parameterCount: 2 });
    expectNoLeak(() => weightsLoss(predicted, target, weights));
    expectNoLeak(() => elementWeights({ prepShape: shape, parameterCount: 2, deviation: predicted }));
  });
  it('refuses shapes that disagree, and PReps that are too small', () => {
    const mismatch = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
    const weights = elementWeights({ prepShape: shape, parameterCount: 3 });
    expect(() => weightsLoss(numbers(1, 2, 3, 4), numbers(1, 2, 3, 4, 5, 6, 7, 8), weights)).toThrow(mismatch);
    expect(() => weightsLoss(tf.zeros([1, 3, 2]), tf.zeros([1, 3, 2]), weights)).toThrow(mismatch);
    expect(() => elementWeights({ prepShape: shape, parameterCount: 5 })).toThrow(mismatch);
    expect(() => elementWeights({ prepShape: '2x2' as never, parameterCount: 1 })).toThrow(/did you mean \[2, 2\]\?/);
  });
});
