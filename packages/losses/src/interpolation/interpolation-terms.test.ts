import { describeOnRuntimes, expectClose, expectNoLeak } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { crossEntropyLoss } from '../cross-entropy.js';
import { distillationLoss } from '../distillation.js';
import { interpolationTerms, type NetworkTerms } from './interpolation-terms.js';

describeOnRuntimes('interpolationTerms', () => {
  const students = () => [tf.tensor2d([[0, 1, 2]]), tf.tensor2d([[3, -1, 0]])];
  const classLogits = () =>
    tf.tensor2d([
      [0, 1000, 0, 0],
      [0, 0, 0, 0],
    ]);
  const compared = () => ({ teacher: tf.tensor2d([[1, 1, 0]]), labels: tf.tensor1d([2], 'int32') });
  const options = { alpha: 0.3, distillation: true, weights: {}, temperature: 2, squaredTemperature: true };
  const terms = (change: object = {}, targets: readonly number[] = [2, 1]): NetworkTerms =>
    interpolationTerms('f', { classLogits: classLogits(), logits: students() }, targets, compared(), { ...options, ...change });
  const value = (tensor: tf.Tensor): number => tensor.dataSync()[0]!;
  const sum = (losses: readonly tf.Tensor[]): number => losses.reduce((total, loss) => total + value(loss), 0);

  it('(7) aims at the architectures that the samples stand for', () => {
    expect(value(terms().classId)).toBeCloseTo(1000 + Math.log(4), 3);
  });
  it('(8) and (9) are sums over the samples', () => {
    const { teacher, labels } = compared();
    const { distillation, crossEntropy } = terms();
    expectClose(distillation.dataSync(), [sum(students().map((s) => distillationLoss(s, teacher, { temperature: 2 })))], 1e-5);
    expectClose(crossEntropy.dataSync(), [sum(students().map((s) => crossEntropyLoss(s, labels)))], 1e-5);
  });
  it('(10) and (11) mix and weigh them', () => {
    const { classId, distillation, crossEntropy, total } = terms({ weights: { classId: 0.01, task: 2 } });
    const task = 0.3 * value(distillation) + 0.7 * value(crossEntropy);
    expectClose(total.dataSync(), [0.01 * value(classId) + 2 * task], 1e-5);
    const { total: paper } = terms();
    expectClose(paper.dataSync(), [value(classId) + task], 1e-5);
  });
  it('learn from the labels alone without distillation', () => {
    const { classId, distillation, crossEntropy, total } = terms({ distillation: false });
    expect(value(distillation)).toBe(0);
    expectClose(total.dataSync(), [value(classId) + value(crossEntropy)], 1e-5);
  });
  it('are 0 without samples', () => {
    const none = interpolationTerms('f', { classLogits: tf.zeros([0, 4]), logits: [] }, [], compared(), options);
    expect(Object.values(none).map(value)).toEqual([0, 0, 0, 0]);
  });
  it('leak no tensor', () => {
    const [run, given] = [{ classLogits: classLogits(), logits: students() }, compared()];
    expectNoLeak(() => tf.tidy(() => interpolationTerms('f', run, [2, 1], given, options).total));
  });
  it('refuse shapes that disagree and a missing teacher', () => {
    const mismatch = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
    const { teacher, labels } = compared();
    const given =
      (change: object, logits = students()) =>
      () =>
        interpolationTerms('f', { classLogits: classLogits(), logits }, [2, 1], { teacher, labels, ...change }, options);
    expect(given({ teacher: tf.zeros([2, 3]) })).toThrow(mismatch);
    expect(given({ labels: tf.tensor1d([1, 2], 'int32') })).toThrow(mismatch);
    expect(given({}, [...students(), tf.zeros([1, 4])])).toThrow(mismatch);
    expect(() => terms({}, [1])).toThrow(mismatch);
    expect(given({ teacher: undefined })).toThrow(/f: expected teacher logits, got none/);
  });
});
