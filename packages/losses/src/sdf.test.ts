import { describeOnRuntimes, expectClose, expectNoLeak, finiteDifference } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { sdfLoss } from './sdf.js';

describeOnRuntimes('sdfLoss', () => {
  it('is the mean squared distance between the values', () => {
    expect(sdfLoss(tf.tensor3d([[[1], [2]]]), tf.tensor3d([[[1], [5]]])).dataSync()[0]).toBeCloseTo(4.5, 6);
  });
  it('has the gradient 2 (predicted − target) / count, and none for the target', () => {
    const gradients = tf.grads((p, t) => sdfLoss(p, t))([tf.tensor1d([1, 2]), tf.tensor1d([1, 5])]);
    expectClose(gradients[0]!.dataSync(), [0, -3], 1e-6);
    expect([...gradients[1]!.dataSync()]).toEqual([0, 0]);
  });
  it('has the gradient that finite differences have', () => {
    const target = tf.tensor1d([0.1, -0.2, 0.3]);
    const predicted = tf.tensor1d([0.5, 0.5, -0.5]);
    const loss = (p: tf.Tensor) => sdfLoss(p, target);
    expectClose(tf.grad(loss)(predicted).dataSync(), finiteDifference(loss, predicted), 1e-3);
  });
  it('leaks no tensor', () => {
    const values = tf.tensor1d([1, 2]);
    expectNoLeak(() => sdfLoss(values, values));
  });
  it('refuses unequal shapes, and no values', () => {
    const refused = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
    expect(() => sdfLoss(tf.zeros([2, 3, 1]), tf.zeros([2, 3]))).toThrow(refused);
    expect(() => sdfLoss(tf.zeros([0, 1]), tf.zeros([0, 1]))).toThrow(refused);
  });
});
