import { describeOnRuntimes, expectClose, expectNoLeak } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { distillationLoss } from './distillation.js';
import { accuracyGapLoss } from './accuracy-gap.js';
import { singleArchitectureLoss } from './single-architecture.js';

describeOnRuntimes('singleArchitectureLoss', () => {
  const students = () => [tf.tensor2d([[0, 0]]), tf.tensor2d([[2, -1]])];
  const targets = () => [tf.tensor2d([[1000, 0]]), tf.tensor2d([[0, 1]])];

  it('is the mean of the networks’ losses', () => {
    const [a, b] = students();
    const [p, q] = targets();
    const each = [distillationLoss(a!, p!), distillationLoss(b!, q!)].map((loss) => loss.dataSync()[0]!);
    expectClose(singleArchitectureLoss([a!, b!], [p!, q!]).dataSync(), [(each[0]! + each[1]!) / 2], 1e-6);
  });
  it('passes the temperature on', () => {
    const loss = singleArchitectureLoss([tf.tensor2d([[0, 0]])], [tf.tensor2d([[1000, 0]])], { temperature: 1 });
    expect(loss.dataSync()[0]).toBeCloseTo(Math.log(2), 6);
  });
  it('gives each student half the gradient of its own loss, and the targets none', () => {
    const [a, b] = students();
    const [p, q] = targets();
    const gradients = tf.grads((...x) => {
      const [s0, s1, t0, t1] = x as tf.Tensor2D[];
      return singleArchitectureLoss([s0!, s1!], [t0!, t1!]);
    })([a!, b!, p!, q!]);
    const own = tf.grad((s) => distillationLoss(s as tf.Tensor2D, q!))(b!);
    expectClose(gradients[1]!.dataSync(), tf.div(own, 2).dataSync(), 1e-5);
    expect([...gradients[2]!.dataSync(), ...gradients[3]!.dataSync()]).toEqual([0, 0, 0, 0]);
  });
  it('relative: at high temperature half of what the target says, however flat, for a student that says nothing', () => {
    const sharp = tf.tensor2d([
      [3, -3],
      [-3, 3],
    ]);
    for (const target of [sharp, tf.mul<tf.Tensor2D>(sharp, 0.1)]) {
      const loss = singleArchitectureLoss([tf.zeros([2, 2])], [target], { temperature: 100, relative: 1 });
      expect(loss.dataSync()[0]).toBeCloseTo(0.5, 3);
    }
    const same = tf.ones([2, 2]) as tf.Tensor2D; // a target that says the same of every input has no variance: still no division by zero
    expect(singleArchitectureLoss([same], [same], { relative: 1 }).dataSync()[0]).toBe(0);
  });
  it('relative: a half weighs a target ten times as flat a tenth, not a hundredth', () => {
    const sharp = tf.tensor2d([[3, -3], [-3, 3]]); // prettier-ignore
    const [whole, tenth] = [sharp, tf.mul<tf.Tensor2D>(sharp, 0.1)].map(
      (target) => singleArchitectureLoss([tf.zeros([2, 2])], [target], { temperature: 100, relative: 0.5 }).dataSync()[0]!,
    );
    expect(whole! / tenth!).toBeCloseTo(10, 1);
  });
  it('relative: is the mean of the networks’ losses, each by the variance of its own target', () => {
    const many = [[1, 0, 0.5, 2], [3, -2, 0, 1], [0.1, 0, 0.2, 0]].map((values) => tf.tensor2d(values, [2, 2])); // prettier-ignore
    const others = [...many.slice(1), many[0]!];
    const each = many.map((student, k) => singleArchitectureLoss([student], [others[k]!], { relative: 0.5 }).dataSync()[0]!);
    const mean = each.reduce((sum, one) => sum + one, 0) / 3;
    expectClose(singleArchitectureLoss(many, others, { relative: 0.5 }).dataSync(), [mean], 1e-6);
  });
  it('adds how much more or less often networks are right than their targets, if told so', () => {
    const labels = tf.tensor1d([0], 'int32');
    const [s, t] = [[tf.tensor2d([[1, 0]])], [tf.tensor2d([[0, 1]])]];
    const [plain, gap] = [singleArchitectureLoss(s, t), accuracyGapLoss(s, t, labels)].map((loss) => loss.dataSync()[0]!);
    expect(gap).toBeGreaterThan(0.5);
    expect(singleArchitectureLoss(s, t, { accuracyGap: 2, labels }).dataSync()[0]).toBeCloseTo(plain! + 2 * gap!, 5);
    expectNoLeak(() => singleArchitectureLoss(s, t, { accuracyGap: 2, labels }));
    expect(() => singleArchitectureLoss(s, t, { accuracyGap: 2 })).toThrow(/expected labels for accuracyGap 2, got nothing/);
  });
  it('refuses powers beyond 0 and 1', () => {
    const refused = expect.objectContaining({ code: 'INVALID_OPTION' });
    expect(() => singleArchitectureLoss(students(), targets(), { relative: 2 })).toThrow(refused);
  });
  it('relative: no gradient reaches the targets', () => {
    const [ds, dt] = tf.grads((a, b) => singleArchitectureLoss([a as tf.Tensor2D], [b as tf.Tensor2D], { relative: 1 }))([
      tf.tensor2d([[0, 0], [1, 0]]),
      tf.tensor2d([[1, 0], [0, 2]]),
    ]); // prettier-ignore
    expect(Math.max(...ds!.dataSync())).toBeGreaterThan(0);
    expect([...dt!.dataSync()]).toEqual([0, 0, 0, 0]);
  });
  it('leaks no tensor', () => {
    const [s, t] = [students(), targets()];
    expectNoLeak(() => singleArchitectureLoss(s, t));
    expectNoLeak(() => singleArchitectureLoss(s, t, { relative: 1 }));
  });
  it('refuses no networks, lists of other lengths, and logits of other shapes', () => {
    const refused = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
    expect(() => singleArchitectureLoss([], [])).toThrow(refused);
    expect(() => singleArchitectureLoss(students(), targets().slice(1))).toThrow(refused);
    expect(() => singleArchitectureLoss(students(), [tf.zeros([1, 2]), tf.zeros([2, 2])])).toThrow(refused);
  });
});
