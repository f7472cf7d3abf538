import { describeOnRuntimes, expectClose, expectNoLeak } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { blockChannels, viewedActivation, type View } from './viewed-activation.js';

/** The same step by step, through PyTorch's layout. */
function plain(z: tf.Tensor, bias: tf.Tensor, [channels, height, width]: View): tf.Tensor {
  const planes = tf.transpose(tf.leakyRelu(tf.add(z, bias), 0.01), [0, 3, 1, 2]);
  const viewed = tf.transpose(tf.reshape(planes, [z.shape[0]!, channels, height, width]), [0, 2, 3, 1]);
  return tf.pad(viewed, [[0, 0], [1, 1], [1, 1], [0, 0]]); // prettier-ignore
}
const direct = (view: View, inBlocks: boolean) => (z: tf.Tensor, bias: tf.Tensor) =>
  viewedActivation(z as tf.Tensor4D, bias as tf.Tensor1D, { view, inBlocks });

describeOnRuntimes('viewedActivation', () => {
  const cases: [shape: [number, number, number], view: View][] = [
    [
      [4, 4, 6],
      [3, 8, 4],
    ],
    [
      [2, 8, 10],
      [4, 4, 10],
    ], // 10 channels viewed as 4: they straddle
    [
      [3, 5, 7],
      [7, 3, 5],
    ],
    [
      [2, 2, 5],
      [1, 4, 5],
    ],
    [
      [2, 3, 1],
      [2, 1, 3],
    ],
  ];
  const loss = (f: (z: tf.Tensor, bias: tf.Tensor) => tf.Tensor) => (z: tf.Tensor, bias: tf.Tensor) => {
    const y = f(z, bias);
    return tf.sum(tf.mul(y, tf.randomNormal(y.shape, 0, 1, 'float32', 8)));
  };

  it.each(cases)('views %j as %j like bias, leaky ReLU, view and padding', (shape, view) => {
    tf.tidy(() => {
      const z = tf.randomNormal([2, ...shape], 0, 1, 'float32', 5);
      const bias = tf.randomNormal([shape[2]], 0, 1, 'float32', 6);
      const expected = plain(z, bias, view);
      const gradients = tf.grads(loss((x, b) => plain(x, b, view)))([z, bias]);
      const blocks = shape[2] % view[0] === 0;
      for (const inBlocks of blocks ? [false, true] : [false]) {
        const order = (x: tf.Tensor) => (inBlocks ? blockChannels(x, view[0]) : x);
        expect(direct(view, inBlocks)(order(z), order(bias)).dataSync()).toEqual(expected.dataSync());
        const got = tf.grads(loss((x, b) => direct(view, inBlocks)(order(x), order(b))))([z, bias]);
        got.forEach((gradient, i) => expectClose(gradient.dataSync(), gradients[i]!.dataSync(), 1e-6));
      }
    });
  });

  it('has the slope 0.01 at zero, as PyTorch', () => {
    const [gradient] = tf.grads(loss(direct([1, 1, 1], false)))([tf.zeros([1, 1, 1, 1]), tf.zeros([1])]);
    const weight = tf.randomNormal([1, 3, 3, 1], 0, 1, 'float32', 8).dataSync()[4]!;
    expect(gradient!.dataSync()[0]).toBeCloseTo(0.01 * weight, 6);
  });

  it('leaks no tensor', () => {
    const [z, bias] = [tf.ones([2, 2, 8, 10]), tf.ones([10])];
    expectNoLeak(() => tf.grads(loss(direct([4, 4, 10], false)))([z, bias]));
    expectNoLeak(() => tf.grads(loss(direct([5, 4, 8], true)))([z, bias]));
  });
});
