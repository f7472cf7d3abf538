import { describeOnRuntimes, expectClose } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { adamStep, type AdamMoments } from './adam-step.js';

describeOnRuntimes('adamStep', () => {
  const zeros = (): AdamMoments => ({ first: tf.zeros([2]), second: tf.zeros([2]) });

  it('moves by the learning rate against the sign of the first gradient, whatever its size', () => {
    const gradient = tf.tensor1d([1e-3, -1e3]);
    const { value } = adamStep({ value: tf.tensor1d([1, 1]), gradient, moments: zeros(), step: 0, learningRate: 0.1 });
    expectClose(value.dataSync(), [0.9, 1.1], 1e-4);
  });
  it('follows the formula in double precision for five steps', () => {
    const gradients = [
      [0.3, -2],
      [0.1, 0.5],
      [-0.4, 1],
      [0, 0],
      [2, -1],
    ];
    let [value, moments] = [tf.tensor1d([0.5, -0.5]) as tf.Tensor, zeros()];
    const [expected, m, v] = [
      [0.5, -0.5],
      [0, 0],
      [0, 0],
    ];
    gradients.forEach((gradient, step) => {
      ({ value, moments } = adamStep({ value, gradient: tf.tensor1d(gradient), moments, step, learningRate: 0.05 }));
      gradient.forEach((g, i) => {
        m[i] = 0.9 * m[i]! + 0.1 * g;
        v[i] = 0.999 * v[i]! + 0.001 * g * g;
        expected[i]! -= (0.05 * (m[i]! / (1 - 0.9 ** (step + 1)))) / (Math.sqrt(v[i]! / (1 - 0.999 ** (step + 1))) + 1e-8);
      });
    });
    expectClose(value.dataSync(), expected, 1e-5);
  });
  it('stands still without a gradient', () => {
    const { value } = adamStep({ value: tf.tensor1d([1, 2]), gradient: tf.zeros([2]), moments: zeros(), step: 3, learningRate: 1 });
    expect([...value.dataSync()]).toEqual([1, 2]);
  });
});
