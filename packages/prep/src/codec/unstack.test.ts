import { describeOnRuntimes, expectNoLeak } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { unstack } from './unstack.js';

describeOnRuntimes('unstack', () => {
  it.each([1, 3])('gives %i parts and the gradient of a copy', (count) => {
    const x = tf.reshape(tf.range(0, 4 * count), [count, 2, 2]);
    expect(unstack(x).map((part) => part.arraySync())).toEqual(x.arraySync());
    const last = (y: tf.Tensor): tf.Scalar => tf.sum(tf.mul(unstack(y).at(-1)!, 2));
    const expected = Array.from({ length: 4 * count }, (_, i) => (i < 4 * (count - 1) ? 0 : 2));
    expect([...tf.grad(last)(x).dataSync()]).toEqual(expected);
    expectNoLeak(() => unstack(x));
  });
});
