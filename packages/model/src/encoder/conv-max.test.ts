import { describeOnRuntimes, expectClose, expectNoLeak, finiteDifference } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { convMax } from './conv-max.js';
import { convolution } from '../layers/convolution.js';
import { firstMax } from './first-max.js';
import { leakyRelu } from '../layers/leaky-relu.js';

/** The same with ordinary operations, every activation kept. */
function plain(rows: tf.Tensor, weight1: tf.Tensor, bias1: tf.Tensor, weight2: tf.Tensor): tf.Tensor2D {
  const [count, width] = rows.shape as [number, number];
  const along = { strides: [1, 2], padding: [0, 1] } as const;
  const x: tf.Tensor4D = tf.reshape(rows, [count, 1, width, 1]);
  const conv1 = leakyRelu(convolution(x, { weight: weight1 as tf.Tensor4D, bias: bias1 as tf.Tensor1D }, along));
  const none = tf.zeros([weight2.shape[3]!]) as tf.Tensor1D;
  return tf.squeeze(firstMax(convolution(conv1, { weight: weight2 as tf.Tensor4D, bias: none }, along), 2), [1]);
}
const sparse = (rows: tf.Tensor, weight1: tf.Tensor, bias1: tf.Tensor, weight2: tf.Tensor) =>
  convMax(rows as tf.Tensor2D, { weight1: weight1 as tf.Tensor4D, bias1: bias1 as tf.Tensor1D, weight2: weight2 as tf.Tensor4D });

describeOnRuntimes('convMax', () => {
  const inputs = (rows: number, width: number, h = 3, o = 5): tf.Tensor[] => [
    tf.randomNormal([rows, width], 0, 1, 'float32', width),
    tf.randomNormal([1, 3, 1, h], 0, 1, 'float32', 2),
    tf.randomNormal([h], 0, 1, 'float32', 3),
    tf.randomNormal([1, 3, h, o], 0, 1, 'float32', 4),
  ];
  const loss =
    (f: typeof sparse) =>
    (...xs: tf.Tensor[]) => {
      const y = f(xs[0]!, xs[1]!, xs[2]!, xs[3]!);
      return tf.sum(tf.mul(y, tf.randomNormal(y.shape, 0, 1, 'float32', 9)));
    };

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 37, 61, 62, 63, 64, 65, 250, 1000])(
    'has the values and gradients of the plain operations at width %i',
    (width) => {
      tf.tidy(() => {
        const xs = inputs(3, width);
        const expected = tf.valueAndGrads(loss(plain))(xs);
        const got = tf.valueAndGrads(loss(sparse))(xs);
        expectClose(sparse(xs[0]!, xs[1]!, xs[2]!, xs[3]!).dataSync(), plain(xs[0]!, xs[1]!, xs[2]!, xs[3]!).dataSync(), 1e-6);
        got.grads.forEach((gradient, i) => {
          expect(gradient.shape).toEqual(xs[i]!.shape);
          expectClose(gradient.dataSync(), expected.grads[i]!.dataSync(), 1e-5);
        });
      });
    },
  );

  it('has the gradient that finite differences give', () => {
    tf.tidy(() => {
      const xs = inputs(2, 21);
      const { grads } = tf.valueAndGrads(loss(sparse))(xs);
      xs.forEach((x, i) => {
        const f = (moved: tf.Tensor) => loss(sparse)(...xs.map((other, k) => (k === i ? moved : other)));
        expectClose(grads[i]!.dataSync(), finiteDifference(f, x, { h: 1e-3 }), 2e-2);
      });
    });
  });

  it('passes the gradient of equal maxima to the first', () => {
    tf.tidy(() => {
      const rows = tf.ones([1, 40]); // all but the first position see the same
      const xs = [rows, tf.tensor4d([1, 1, 1], [1, 3, 1, 1]), tf.zeros([1]), tf.tensor4d([1, 1, 1], [1, 3, 1, 1])];
      const [gradient] = tf.grads(loss(sparse))(xs);
      const touched = [...gradient!.dataSync()].flatMap((value, i) => (value === 0 ? [] : [i]));
      expect(touched).toEqual([1, 2, 3, 4, 5, 6, 7]); // position 1 stands for elements 1 to 7
    });
  });

  it('gives every row what it gives it alone, however many there are', () => {
    tf.tidy(() => {
      const [rows, ...weights] = inputs(9, 3000, 256, 8) as [tf.Tensor2D, tf.Tensor, tf.Tensor, tf.Tensor]; // several chunks
      const all = sparse(rows, weights[0]!, weights[1]!, weights[2]!);
      const last = sparse(tf.slice(rows, [8, 0], [1, 3000]), weights[0]!, weights[1]!, weights[2]!);
      expectClose(tf.slice(all, [8, 0], [1, 8]).dataSync(), last.dataSync(), 1e-6);
    });
  });

  it('leaks no tensor', () => {
    const xs = inputs(3, 50);
    expectNoLeak(() => sparse(xs[0]!, xs[1]!, xs[2]!, xs[3]!));
    expectNoLeak(() => tf.grads(loss(sparse))(xs));
  });
});
