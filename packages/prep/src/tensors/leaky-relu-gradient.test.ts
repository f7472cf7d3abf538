import { describeOnRuntimes, expectClose, expectNoLeak } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { it } from 'vitest';

import { leakyReluGradient } from './leaky-relu-gradient.js';

describeOnRuntimes('leakyReluGradient', () => {
  it("is tfjs's own gradient, from the input and from the output", () => {
    const x = tf.tensor1d([-2, -1e-30, 0, 1e-30, 3]);
    const dy = tf.tensor1d([1, 2, 3, 4, 5]);
    const expected = tf
      .grad((input: tf.Tensor) => tf.leakyRelu(input, 0.01))(x, dy)
      .dataSync();
    expectClose(leakyReluGradient(dy, x, 0.01).dataSync(), expected);
    expectClose(leakyReluGradient(dy, tf.leakyRelu(x, 0.01), 0.01).dataSync(), expected);
  });
  it('leaks no tensor', () => {
    const x = tf.tensor1d([-2, 3]);
    expectNoLeak(() => leakyReluGradient(x, x, 0.01));
  });
});
