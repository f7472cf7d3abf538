import '@netspace/kernels/wasm';
import { describeOnRuntimes, expectClose, expectSameAsCpu, finiteDifference, gradientsOf, randomInput } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

const image = (): tf.Tensor4D => tf.tensor4d(randomInput([40]).values as Float32Array, [1, 5, 4, 2]);
const weigh = (y: tf.Tensor) => tf.sum(tf.mul(y, tf.cos(tf.reshape(tf.range(0, y.size), y.shape))));

describeOnRuntimes(
  'pooling gradients',
  () => {
    it.each(['same', 'valid'] as const)('of averages are those of finite differences with %s padding', (pad) => {
      const pool = (x: tf.Tensor) => weigh(tf.avgPool(x as tf.Tensor4D, 3, 2, pad));
      const x = image();
      expectClose(tf.grad(pool)(x).dataSync(), finiteDifference(pool, x), 2e-3);
    });
    it.each(['same', 'valid'] as const)('of maxima are those of finite differences with %s padding', (pad) => {
      const pool = (x: tf.Tensor) => weigh(tf.maxPool(x as tf.Tensor4D, 3, 2, pad));
      const x = image();
      expectClose(tf.grad(pool)(x).dataSync(), finiteDifference(pool, x, { h: 1e-3 }), 2e-3);
    });
    it.each(['same', 'valid', 1] as const)('maxima in three dimensions are those of cpu, also negative ones: padding %s', async (pad) => {
      for (const [filter, stride] of [
        [2, 1],
        [[2, 3, 2], 2],
      ] as const) {
        const round = pad === 1 ? 'floor' : undefined;
        await expectSameAsCpu('wasm', [randomInput([2, 3, 4, 5, 2])], (x) =>
          tf.maxPool3d(x as tf.Tensor5D, filter as number, stride, pad, round),
        );
      }
    });
    it.each(['same', 'valid'] as const)(
      'of dilations, and these themselves, are those of cpu, also negative ones: padding %s',
      async (pad) => {
        const inputs = [randomInput([2, 5, 6, 3]), randomInput([2, 3, 3], 2)];
        const dilate = (x: tf.Tensor, filter: tf.Tensor) => tf.dilation2d(x as tf.Tensor4D, filter as tf.Tensor3D, [2, 1], pad, [1, 2]);
        await expectSameAsCpu('wasm', inputs, dilate);
        await expectSameAsCpu('wasm', inputs, gradientsOf(dilate));
      },
    );
    it('of maxima go to the first of equals, and to negative ones', () => {
      const x = tf.tensor4d([-1, -3, -1, -2], [1, 2, 2, 1]);
      const dx = tf.grad((input) => tf.maxPool(input as tf.Tensor4D, 2, 2, 'valid'))(x);
      expect([...dx.dataSync()]).toEqual([1, 0, 0, 0]);
    });
  },
  { runtimes: ['wasm'] },
);
