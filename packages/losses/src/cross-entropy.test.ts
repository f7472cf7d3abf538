import { describeOnRuntimes, expectClose, expectNoLeak, finiteDifference } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { crossEntropyLoss } from './cross-entropy.js';

describeOnRuntimes('crossEntropyLoss', () => {
  it('is ln C for a classifier that knows nothing', () => {
    expect(crossEntropyLoss(tf.zeros([3, 5]), tf.tensor1d([0, 4, 2], 'int32')).dataSync()[0]).toBeCloseTo(Math.log(5), 6);
  });
  it('stays finite where the right class is all but impossible', () => {
    expect(crossEntropyLoss(tf.tensor2d([[1000, 0]]), tf.tensor1d([1], 'int32')).dataSync()[0]).toBeCloseTo(1000, 3);
  });
  it('has the gradient (softmax − one-hot) / batch', () => {
    const gradient = tf.grad((l) => crossEntropyLoss(l as tf.Tensor2D, tf.tensor1d([0, 1], 'int32')))(tf.zeros([2, 2]));
    expectClose(gradient.dataSync(), [-0.25, 0.25, 0.25, -0.25], 1e-6);
  });
  it('has the gradient that finite differences have', () => {
    const logits = tf.tensor2d([[0.3, -1, 2]]);
    const loss = (l: tf.Tensor) => crossEntropyLoss(l as tf.Tensor2D, tf.tensor1d([1], 'int32'));
    expectClose(tf.grad(loss)(logits).dataSync(), finiteDifference(loss, logits), 2e-3);
  });
  it('leaks no tensor', () => {
    const logits = tf.tensor2d([[1, -2]]);
    const labels = tf.tensor1d([1], 'int32');
    expectNoLeak(() => crossEntropyLoss(logits, labels));
  });
  it('refuses another number of labels than rows', () => {
    expect(() => crossEntropyLoss(tf.zeros([2, 3]), tf.tensor1d([1], 'int32'))).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH', message: expect.stringMatching(/\[2\].*\[1\]/) }),
    );
  });
});
