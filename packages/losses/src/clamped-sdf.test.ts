import { describeOnRuntimes, expectClose, expectNoLeak, finiteDifference } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { clampedSdfLoss } from './clamped-sdf.js';

describeOnRuntimes('clampedSdfLoss', () => {
  it('is the mean distance between the values, which count up to δ', () => {
    const predicted = tf.tensor3d([[[0.01], [0.3], [-0.3], [0.3]]]);
    const target = tf.tensor3d([[[0.03], [0.05], [0.2], [7]]]);
    expect(clampedSdfLoss(predicted, target).dataSync()[0]).toBeCloseTo((0.02 + 0.05 + 0.2 + 0) / 4, 6);
    expect(clampedSdfLoss(predicted, target, { clamp: 1 }).dataSync()[0]).toBeCloseTo((0.02 + 0.25 + 0.5 + 0.7) / 4, 6);
  });
  it('has the gradient sign(predicted − target) / count within ±δ, none beyond, and none for the target', () => {
    const [predicted, target] = [tf.tensor1d([0.05, -0.05, 0.5, -0.5]), tf.tensor1d([0, 0, 0, 0])];
    const [toPredicted, toTarget] = tf.grads((p, t) => clampedSdfLoss(p, t))([predicted, target]);
    expectClose(toPredicted!.dataSync(), [0.25, -0.25, 0, 0], 1e-6);
    expect([...toTarget!.dataSync()]).toEqual([0, 0, 0, 0]);
  });
  it('has the gradient that finite differences have', () => {
    const target = tf.tensor1d([0.1, -0.2, 0.3, 0.9]);
    const loss = (p: tf.Tensor) => clampedSdfLoss(p, target, { clamp: 0.5 });
    const predicted = tf.tensor1d([0.25, 0.3, -0.4, -0.7]);
    expectClose(tf.grad(loss)(predicted).dataSync(), finiteDifference(loss, predicted), 1e-3);
  });
  it('leaks no tensor', () => {
    const values = tf.tensor1d([1, 2]);
    expectNoLeak(() => clampedSdfLoss(values, values));
  });
  it('refuses unequal shapes, no values and a δ that is not positive', () => {
    const refused = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
    expect(() => clampedSdfLoss(tf.zeros([2, 3, 1]), tf.zeros([2, 3]))).toThrow(refused);
    expect(() => clampedSdfLoss(tf.zeros([0, 1]), tf.zeros([0, 1]))).toThrow(refused);
    expect(() => clampedSdfLoss(tf.zeros([1]), tf.zeros([1]), { clamp: 0 })).toThrow(/expected clamp to be/);
  });
});
