import { describeOnRuntimes, expectClose, expectNoLeak } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { crossEntropyLoss } from './cross-entropy.js';
import { distillationLoss } from './distillation.js';
import { interpolationClassIdLoss } from './interpolation-class-id.js';
import { interpolationCrossEntropyLoss } from './interpolation-cross-entropy.js';
import { interpolationDistillationLoss } from './interpolation-distillation.js';
import { interpolationKnowledgeDistillationLoss } from './interpolation-knowledge-distillation.js';
import { knowledgeDistillationLoss } from './knowledge-distillation.js';

const shapeMismatch = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
const invalidOption = expect.objectContaining({ code: 'INVALID_OPTION' });

describeOnRuntimes('the terms of the interpolation loss', () => {
  const students = () => [tf.tensor2d([[0, 1, 2]]), tf.tensor2d([[3, -1, 0]])];
  const teacher = () => tf.tensor2d([[1, 1, 0]]);
  const labels = () => tf.tensor1d([2], 'int32');
  const sum = (losses: readonly tf.Tensor[]) => [losses.reduce((total, loss) => total + loss.dataSync()[0]!, 0)];

  it('(7) aims at the architecture that γ stands for', () => {
    const loss = interpolationClassIdLoss(tf.tensor2d([[0, 1000, 0, 0]]), [2 / 3]);
    expect(loss.dataSync()[0]).toBeCloseTo(1000, 3);
  });
  it('(8), (9) and (10) are sums over the samples', () => {
    expectClose(
      interpolationDistillationLoss(students(), teacher(), { temperature: 2 }).dataSync(),
      sum(students().map((s) => distillationLoss(s, teacher(), { temperature: 2 }))),
      1e-5,
    );
    expectClose(
      interpolationCrossEntropyLoss(students(), labels()).dataSync(),
      sum(students().map((s) => crossEntropyLoss(s, labels()))),
      1e-5,
    );
    expectClose(
      interpolationKnowledgeDistillationLoss(students(), teacher(), labels(), { alpha: 0.3 }).dataSync(),
      sum(students().map((s) => knowledgeDistillationLoss(s, teacher(), labels(), { alpha: 0.3 }))),
      1e-5,
    );
  });
  it('are 0 without samples', () => {
    expect(interpolationDistillationLoss([], teacher()).dataSync()[0]).toBe(0);
    expect(interpolationCrossEntropyLoss([], labels()).dataSync()[0]).toBe(0);
  });
  it('leak no tensor', () => {
    const [s, t, l] = [students(), teacher(), labels()];
    expectNoLeak(() => interpolationKnowledgeDistillationLoss(s, t, l));
  });
  it('refuse shapes, temperatures, weights and factors that make no sense', () => {
    expect(() => interpolationClassIdLoss(tf.zeros([1, 4]), [0.5])).toThrow(invalidOption);
    expect(() => interpolationClassIdLoss(tf.zeros([2, 3]), [0.5])).toThrow(shapeMismatch);
    expect(() => interpolationDistillationLoss(students(), tf.zeros([2, 3]))).toThrow(shapeMismatch);
    expect(() => interpolationDistillationLoss(students(), teacher(), { temperature: 0 })).toThrow(invalidOption);
    expect(() => interpolationCrossEntropyLoss([...students(), tf.zeros([1, 4])], labels())).toThrow(shapeMismatch);
    expect(() => interpolationCrossEntropyLoss(students(), tf.tensor1d([1, 2], 'int32'))).toThrow(shapeMismatch);
    expect(() => interpolationKnowledgeDistillationLoss(students(), teacher(), labels(), { alpha: 2 })).toThrow(invalidOption);
  });
});
