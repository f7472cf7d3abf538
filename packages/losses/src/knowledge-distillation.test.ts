import { describeOnRuntimes, expectClose, expectNoLeak, finiteDifference } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { crossEntropyLoss } from './cross-entropy.js';
import { distillationLoss } from './distillation.js';
import { knowledgeDistillationLoss } from './knowledge-distillation.js';

describeOnRuntimes('knowledgeDistillationLoss', () => {
  const student = () => tf.tensor2d([[0.3, -1, 2]]);
  const teacher = () => tf.tensor2d([[2, 1, 0]]);
  const labels = () => tf.tensor1d([2], 'int32');

  it('is distillation at α = 1 and cross-entropy at α = 0', () => {
    const at = (alpha: number) => knowledgeDistillationLoss(student(), teacher(), labels(), { alpha }).dataSync();
    expectClose(at(1), distillationLoss(student(), teacher()).dataSync(), 1e-6);
    expectClose(at(0), crossEntropyLoss(student(), labels()).dataSync(), 1e-6);
  });
  it('has the gradient that finite differences have', () => {
    const loss = (s: tf.Tensor) => knowledgeDistillationLoss(s as tf.Tensor2D, teacher(), labels(), { temperature: 2 });
    expectClose(tf.grad(loss)(student()).dataSync(), finiteDifference(loss, student()), 2e-3);
  });
  it('leaks no tensor', () => {
    const [s, t, l] = [student(), teacher(), labels()];
    expectNoLeak(() => knowledgeDistillationLoss(s, t, l));
  });
  it.each([-0.1, 1.1, Number.NaN])('refuses α = %d', (alpha) => {
    expect(() => knowledgeDistillationLoss(student(), teacher(), labels(), { alpha })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  });
});
