import { accuracyGapLoss } from './accuracy-gap.js';
import { distillationLoss } from './distillation.js';
import { multiArchitectureLoss } from './multi-architecture.js';
import { routeByTarget } from './networks/route.js';
import { describeOnRuntimes, expectClose } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';

import { targetDistillationLoss, type TargetDistillationLossOptions } from './target-distillation.js';

const options: TargetDistillationLossOptions = {
  alpha: 0.7,
  weights: { classId: 0.5, interpolation: 2 },
  interpolation: true,
  route: routeByTarget,
};
/** Without interpolated samples. */
const alone: TargetDistillationLossOptions = { ...options, weights: { classId: 0.5 }, interpolation: false };

describeOnRuntimes('targetDistillationLoss', () => {
  // A linear stand-in for decoder and networks: logits of a network are x · (its PRep).
  let inputs: Omit<Parameters<typeof targetDistillationLoss>[0], 'targets'>;
  let teacher: tf.Tensor2D;
  let x: tf.Tensor2D;
  beforeEach(() => {
    const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);
    x = random([5, 2], 1) as tf.Tensor2D;
    teacher = random([5, 3], 2) as tf.Tensor2D;
    const [weight, head] = [random([4, 6], 3), random([4, 3], 4)];
    inputs = {
      embeddings: random([3, 4], 5) as tf.Tensor2D,
      classIds: [2, 1, 0],
      architectures: 3,
      labels: tf.tensor1d([0, 1, 2, 1, 0], 'int32'),
      decode: (e) => ({
        preps: tf.reshape(tf.matMul(e, weight!), [-1, 2, 3]),
        classLogits: tf.matMul<tf.Tensor2D>(e, head!),
      }),
      forward: (preps) => tf.unstack(preps).map((prep) => tf.matMul<tf.Tensor2D>(x, prep)),
    };
  });
  const read = (loss: { total: tf.Scalar; classId: tf.Scalar; distillation: tf.Scalar; crossEntropy: tf.Scalar }) =>
    [loss.total, loss.classId, loss.distillation, loss.crossEntropy].map((term) => term.dataSync()[0]!);

  it('is the multi-architecture loss where all targets agree with one teacher', () => {
    const expected = multiArchitectureLoss({ ...inputs, teacher }, options);
    const got = targetDistillationLoss({ ...inputs, targets: [teacher, teacher, teacher] }, options);
    expectClose(read(got), read(expected), 1e-5);
    expectClose(read(got.interpolation!), read(expected.interpolation!), 1e-5);
  });

  it('lets a network between two imitate the same mix of both', () => {
    const [small, large] = [tf.zeros<tf.Rank.R2>([5, 3]), tf.mul<tf.Tensor2D>(teacher, 2)];
    const mixed = targetDistillationLoss({ ...inputs, targets: [large, teacher, small] }, options); // A = 3: γ = 1/2
    const same = targetDistillationLoss({ ...inputs, targets: [teacher, teacher, teacher] }, options);
    expectClose(read(mixed.interpolation!), read(same.interpolation!), 1e-5);
    expect(read(mixed)[2]).not.toBeCloseTo(read(same)[2]!);
  });

  it('counts each network by the variance of its target, to a power, if told so', () => {
    const targets = [teacher, tf.mul<tf.Tensor2D>(teacher, 3), tf.mul<tf.Tensor2D>(teacher, 0.1)];
    const students = inputs.forward(inputs.decode(inputs.embeddings, inputs.classIds).preps, inputs.classIds);
    const variance = (logits: tf.Tensor2D): number => {
      const rows = logits.arraySync();
      const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      const offClass = rows.map((row) => row.map((value) => value - mean(row)));
      const left = offClass.map((row) => row.map((value, c) => value - mean(offClass.map((other) => other[c]!))));
      return mean(left.flat().map((value) => value ** 2));
    };
    const expected = students.reduce(
      (sum, student, k) => sum + distillationLoss(student, targets[k]!).dataSync()[0]! / Math.sqrt(variance(targets[k]!)),
      0,
    );
    const got = targetDistillationLoss({ ...inputs, targets }, { ...alone, relative: 0.5 });
    expect(read(got)[2]! / expected).toBeCloseTo(1, 4);
  });

  it('adds what networks are right more or less often than their targets, if told so', () => {
    const targets = [teacher, tf.neg<tf.Tensor2D>(teacher), tf.mul<tf.Tensor2D>(teacher, 0.1)];
    const students = inputs.forward(inputs.decode(inputs.embeddings, inputs.classIds).preps, inputs.classIds);
    const without = targetDistillationLoss({ ...inputs, targets }, alone);
    const got = targetDistillationLoss({ ...inputs, targets }, { ...alone, accuracyGap: 2 });
    const gaps = students.map((student, k) => accuracyGapLoss([student], [targets[k]!], inputs.labels).dataSync()[0]!);
    expect(Math.max(...gaps)).toBeGreaterThan(0.01);
    expect(read(got)[0]! - read(without)[0]!).toBeCloseTo(2 * gaps.reduce((sum, gap) => sum + gap, 0), 4);
  });

  it('refuses another number of targets than networks, and options that it does not know', () => {
    expect(() => targetDistillationLoss({ ...inputs, targets: [teacher] }, options)).toThrow(/expected 3 targets, got 1/);
    const wrong = { ...options, temprature: 2 };
    expect(() => targetDistillationLoss({ ...inputs, targets: [teacher, teacher, teacher] }, wrong)).toThrow(
      'targetDistillationLoss: unknown option temprature; did you mean temperature?',
    );
  });

  it('has no interpolated samples without a boundary pair, or if told so', () => {
    const targets = [teacher, teacher, teacher];
    expect(targetDistillationLoss({ ...inputs, targets, classIds: [1, 1, 0] }, options).interpolation).toBeUndefined();
    const without = targetDistillationLoss({ ...inputs, targets }, alone);
    expect(without.interpolation).toBeUndefined();
    expect(read(without)[0]).toBeCloseTo(0.5 * read(without)[1]! + 0.7 * read(without)[2]! + 0.3 * read(without)[3]!, 4);
  });
});

describe('targetDistillationLoss', () => {
  it('needs a class head', () => {
    const logits = tf.zeros<tf.Rank.R2>([1, 2]);
    const inputs = {
      embeddings: tf.zeros<tf.Rank.R2>([1, 2]),
      classIds: [0],
      architectures: 2,
      targets: [logits],
      labels: tf.tensor1d([0], 'int32'),
    };
    const decode = () => ({ preps: tf.zeros<tf.Rank.R3>([1, 1, 1]), classLogits: undefined });
    expect(() => targetDistillationLoss({ ...inputs, decode, forward: () => [logits] }, options)).toThrow(
      /expected decode to yield class logits/,
    );
  });
});
