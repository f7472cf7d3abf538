import { describeOnRuntimes, expectClose, expectNoLeak, finiteDifference } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { classIdLoss } from './class-id.js';

describeOnRuntimes('classIdLoss', () => {
  it('is ln A a network for a head that knows nothing', () => {
    const logits = tf.zeros<tf.Rank.R2>([3, 4]);
    const ids = [0, 3, 1];
    expect(classIdLoss(logits, ids).dataSync()[0]).toBeCloseTo(3 * Math.log(4), 5);
    expect(classIdLoss(logits, ids, { reduction: 'mean' }).dataSync()[0]).toBeCloseTo(Math.log(4), 6);
    expectClose(classIdLoss(logits, ids, { reduction: 'none' }).dataSync(), [Math.log(4), Math.log(4), Math.log(4)], 1e-6);
  });
  it('takes ClassIds as a tensor too', () => {
    const logits = tf.tensor2d([[1, 2]]);
    expectClose(classIdLoss(logits, tf.tensor1d([0], 'int32')).dataSync(), classIdLoss(logits, [0]).dataSync(), 1e-7);
  });
  it('has the gradient that finite differences have', () => {
    const logits = tf.tensor2d([
      [0.3, -1],
      [2, 1],
    ]);
    const loss = (l: tf.Tensor) => classIdLoss(l as tf.Tensor2D, [1, 0]);
    expectClose(tf.grad(loss)(logits).dataSync(), finiteDifference(loss, logits), 2e-3);
  });
  it('leaks no tensor', () => {
    const logits = tf.tensor2d([[1, 2]]);
    expectNoLeak(() => classIdLoss(logits, [1]));
    expectNoLeak(() => classIdLoss(logits, [1], { reduction: 'none' }));
  });
  it('refuses another number of ClassIds than rows, and ClassIds that no architecture has', () => {
    const logits = tf.zeros<tf.Rank.R2>([1, 2]);
    expect(() => classIdLoss(logits, [0, 1])).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
    for (const id of [-1, 2, 0.5]) expect(() => classIdLoss(logits, [id])).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
