import { describeOnRuntimes, expectClose, expectNoLeak, finiteDifference } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { distillationLoss } from './distillation.js';

describeOnRuntimes('distillationLoss', () => {
  it('is zero for equal logits, and for logits that differ by a constant', () => {
    const logits = tf.tensor2d([[1, -2, 3]]);
    expect(distillationLoss(logits, logits).dataSync()[0]).toBeCloseTo(0, 6);
    expect(distillationLoss(logits, tf.add(logits, 5)).dataSync()[0]).toBeCloseTo(0, 5);
  });
  it('is ln 2 when the teacher is certain and the student undecided between two', () => {
    const loss = distillationLoss(tf.tensor2d([[0, 0]]), tf.tensor2d([[1000, 0]]), { temperature: 1 });
    expect(loss.dataSync()[0]).toBeCloseTo(Math.log(2), 6);
  });
  it('grows with T² unless asked not to', () => {
    const [student, teacher] = [tf.tensor2d([[0, 0]]), tf.tensor2d([[1000, 0]])];
    expect(distillationLoss(student, teacher, { temperature: 3 }).dataSync()[0]).toBeCloseTo(9 * Math.log(2), 5);
    const plain = distillationLoss(student, teacher, { temperature: 3, squaredTemperature: false });
    expect(plain.dataSync()[0]).toBeCloseTo(Math.log(2), 6);
  });
  it('has the gradient (q − p) T / batch, and none for the teacher', () => {
    const student = tf.tensor2d([[0, 0]]);
    const teacher = tf.tensor2d([[1000, 0]]);
    const gradients = tf.grads((s, t) => distillationLoss(s as tf.Tensor2D, t as tf.Tensor2D, { temperature: 2 }))([student, teacher]);
    expectClose(gradients[0]!.dataSync(), [-1, 1], 1e-6);
    expect([...gradients[1]!.dataSync()]).toEqual([0, 0]);
  });
  it('has the gradient that finite differences have', () => {
    const student = tf.tensor2d([
      [0.3, -1, 2],
      [1.5, 0.2, -0.7],
    ]);
    const teacher = tf.tensor2d([
      [2, 1, 0],
      [-1, 0.5, 1],
    ]);
    const loss = (s: tf.Tensor) => distillationLoss(s as tf.Tensor2D, teacher, { temperature: 1.5 });
    expectClose(tf.grad(loss)(student).dataSync(), finiteDifference(loss, student), 2e-3);
  });
  it('leaks no tensor', () => {
    const logits = tf.tensor2d([[1, -2, 3]]);
    expectNoLeak(() => distillationLoss(logits, logits));
    expectNoLeak(() => tf.grad((s) => distillationLoss(s as tf.Tensor2D, logits))(logits));
  });
  it('refuses unequal shapes, naming both', () => {
    expect(() => distillationLoss(tf.zeros([2, 10]), tf.zeros([2, 200]))).toThrow(
      expect.objectContaining({ code: 'SHAPE_MISMATCH', message: expect.stringMatching(/\[2,10\].*\[2,200\]/) }),
    );
  });
  it.each([0, -1, Number.NaN, Infinity])('refuses the temperature %d', (temperature) => {
    expect(() => distillationLoss(tf.zeros([1, 2]), tf.zeros([1, 2]), { temperature })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(`${temperature}`) }),
    );
  });
});
