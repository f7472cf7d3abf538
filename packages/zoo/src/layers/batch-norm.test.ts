import { describeOnRuntimes, expectClose, expectNoLeak } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { it } from 'vitest';

import { EPSILON, normalizeBatch, updateRunning } from './batch-norm.js';
import { activate, type Activation } from './bias-activation.js';

/** The definition, in operations whose gradients are tfjs's own. */
function reference(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, activation: Activation): tf.Tensor {
  const { mean, variance } = tf.moments(x, [0, 1, 2]);
  const sum = tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, EPSILON))), gamma), beta);
  return activation === 'leaky' ? tf.maximum(sum, tf.mul(sum, 0.01)) : sum;
}

describeOnRuntimes('normalizeBatch', () => {
  const inputs = () => [tf.randomNormal([3, 4, 5, 2], 3, 2, 'float32', 1), tf.tensor1d([1.5, -0.5]), tf.tensor1d([0.2, 0.3])] as const;
  it.each(['linear', 'leaky'] as const)('is the definition with its gradients (%s)', (activation) => {
    const [x, gamma, beta] = inputs();
    const weights = tf.randomNormal(x.shape, 0, 1, 'float32', 2);
    const ours = (a: tf.Tensor, g: tf.Tensor, b: tf.Tensor) =>
      normalizeBatch(a as tf.Tensor4D, g as tf.Tensor1D, b as tf.Tensor1D, activation).output;
    expectClose(ours(x, gamma, beta).dataSync(), reference(x, gamma, beta, activation).dataSync(), 1e-5);
    const got = tf.grads((a, g, b) => tf.sum(tf.mul(ours(a!, g!, b!), weights)))([x, gamma, beta]);
    const expected = tf.grads((a, g, b) => tf.sum(tf.mul(reference(a!, g!, b!, activation), weights)))([x, gamma, beta]);
    got.forEach((gradient, i) => expectClose(gradient.dataSync(), expected[i]!.dataSync(), 1e-4));
  });
  it('keeps running statistics as PyTorch does: momentum 0.1, unbiased variance', () => {
    const { moments } = normalizeBatch(tf.tensor4d([1, 2, 3, 6], [2, 1, 2, 1]), tf.tensor1d([1]), tf.tensor1d([0]));
    const { mean, variance } = updateRunning({ mean: tf.tensor1d([10]), variance: tf.tensor1d([1]) }, moments, 4);
    expectClose([...mean.dataSync(), ...variance.dataSync()], [9 + 0.3, 0.9 + 0.1 * (14 / 3)], 1e-5);
  });
  it('leaks no tensor', () => {
    const [x, gamma, beta] = inputs();
    expectNoLeak(() => tf.grads((a) => tf.sum(normalizeBatch(a as tf.Tensor4D, gamma, beta, 'leaky').output))([x]));
  });
  it('passes its gradient through the activation', () => {
    expectClose(
      tf
        .grad((x) => tf.sum(activate(x, 'leaky')))(tf.tensor1d([-2, 0, 3]))
        .dataSync(),
      [0.01, 0.01, 1],
      1e-6,
    );
  });
});
