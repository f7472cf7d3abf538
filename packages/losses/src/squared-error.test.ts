import '@tensorflow/tfjs'; // registers the backends and, for tfjs-core in Node, the gradients
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { occupancyLoss, squaredErrorLoss } from './squared-error.js';

describe('squaredErrorLoss', () => {
  it('is the mean of squared differences, with the gradient 2 (ŷ - y) / n and none for the target', () => {
    const [predicted, target] = [tf.tensor2d([[1, 5]]), tf.tensor2d([[3, 4]])];
    expect(squaredErrorLoss(predicted, target).dataSync()[0]).toBe(2.5);
    const [own, other] = tf.grads((a, b) => squaredErrorLoss(a!, b!))([predicted, target]);
    expect([[...own!.dataSync()], [...other!.dataSync()]]).toEqual([[-2, 1], [0, 0]]); // prettier-ignore
  });
  it('refuses unequal shapes and no numbers', () => {
    expect(() => squaredErrorLoss(tf.zeros([2, 1]), tf.zeros([2, 2]))).toThrow(/\[2,1\].*\[2,2\]/);
    expect(() => squaredErrorLoss(tf.zeros([0, 1]), tf.zeros([0, 1]))).toThrow(/at least one value/);
  });
});

describe('occupancyLoss', () => {
  it('is ln 2 where the target is certain and the network undecided, and zero for equal logits of any size', () => {
    expect(occupancyLoss(tf.tensor2d([[0], [0]]), tf.tensor2d([[80], [-80]])).dataSync()[0]).toBeCloseTo(Math.log(2), 6);
    expect(occupancyLoss(tf.tensor1d([-3, 200, 0.5]), tf.tensor1d([-3, 200, 0.5])).dataSync()[0]).toBe(0);
    const [p, q] = [1 / (1 + Math.exp(-1)), 1 / (1 + Math.exp(2))];
    const expected = p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
    expect(occupancyLoss(tf.tensor1d([-2]), tf.tensor1d([1])).dataSync()[0]).toBeCloseTo(expected, 6);
  });
  it('has the gradient (q - p) / n, and none for the target', () => {
    const [own, other] = tf.grads((a, b) => occupancyLoss(a!, b!))([tf.tensor1d([0, 0]), tf.tensor1d([80, -80])]);
    expect([...own!.dataSync()]).toEqual([-0.25, 0.25]);
    expect([...other!.dataSync()]).toEqual([0, 0]);
  });
});
