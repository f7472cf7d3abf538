import { describeOnRuntimes, expectClose, expectNoLeak, finiteDifference } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { accuracyGapLoss } from './accuracy-gap.js';

describeOnRuntimes('accuracyGapLoss', () => {
  const labels = () => tf.tensor1d([0, 1, 1, 0], 'int32');
  const right = () => tf.tensor2d([[1, -1], [-1, 1], [-1, 1], [1, -1]]); // prettier-ignore
  const halfRight = () => tf.tensor2d([[1, -1], [-1, 1], [1, -1], [-1, 1]]); // prettier-ignore
  const gap = (students: tf.Tensor2D[], targets: tf.Tensor2D[], temperature?: number) =>
    accuracyGapLoss(students, targets, labels(), temperature === undefined ? {} : { temperature }).dataSync()[0]!;

  it('is the squared difference of accuracies where networks are sure, on average', () => {
    expect(gap([halfRight()], [right()], 0.01)).toBeCloseTo(0.25, 6);
    expect(gap([halfRight(), right()], [right(), right()], 0.01)).toBeCloseTo(0.125, 6);
  });
  it('is nought for a student that is right as often as its target, on whichever inputs', () => {
    expect(gap([halfRight()], [tf.neg(halfRight())])).toBeCloseTo(0, 6);
  });
  it('counts softly at its temperature: (σ(2/T) − 1/2)² against a network at chance', () => {
    const atChance = tf.zeros<tf.Rank.R2>([4, 2]);
    expect(gap([right()], [atChance], 2)).toBeCloseTo((1 / (1 + Math.exp(-1)) - 0.5) ** 2, 6);
  });
  it('does not ask how sure a network is', () => {
    const [some, other] = [tf.tensor2d([[3, 1], [0, 2], [1, 0], [1, 0]]), right()]; // prettier-ignore
    expect(gap([tf.mul(some, 100)], [other])).toBeCloseTo(gap([some], [other]), 6);
  });
  it('has the gradient that finite differences have, and none for the target', () => {
    const student = tf.tensor2d([[0.3, -1], [0.2, 0.1], [-0.5, 0.4], [0.6, 0.7]]); // prettier-ignore
    const loss = (s: tf.Tensor, t: tf.Tensor) => accuracyGapLoss([s as tf.Tensor2D], [t as tf.Tensor2D], labels(), { temperature: 1 });
    const [ds, dt] = tf.grads(loss)([student, right()]);
    expectClose(
      ds!.dataSync(),
      finiteDifference((s) => loss(s, right()), student),
      2e-3,
    );
    expect(Math.max(...ds!.dataSync())).toBeGreaterThan(0.001);
    expect([...dt!.dataSync()]).toEqual(Array(8).fill(0));
  });
  it('has a finite gradient where a student says the same of all classes', () => {
    const gradient = tf.grad((s) => accuracyGapLoss([s as tf.Tensor2D], [right()], labels()))(tf.ones([4, 2]));
    expect([...gradient.dataSync()].every(Number.isFinite)).toBe(true);
  });
  it('leaks no tensor', () => {
    const [students, targets, given] = [[halfRight()], [right()], labels()];
    expectNoLeak(() => accuracyGapLoss(students, targets, given));
  });
  it('refuses no networks, lists of other lengths, other shapes, other numbers of labels, temperatures of nought', () => {
    const shape = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
    expect(() => accuracyGapLoss([], [], labels())).toThrow(shape);
    expect(() => accuracyGapLoss([right()], [], labels())).toThrow(shape);
    expect(() => accuracyGapLoss([right()], [tf.zeros([4, 3])], labels())).toThrow(shape);
    expect(() => accuracyGapLoss([right()], [right()], tf.tensor1d([0], 'int32'))).toThrow(shape);
    expect(() => gap([right()], [right()], 0)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
