import { describeOnRuntimes, expectClose, expectNoLeak, finiteDifference, randomInput } from '@netspace/testing';
import '@netspace/kernels/gradients';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

const image = ([height, width]: readonly [number, number]) =>
  tf.tensor4d(randomInput([2 * height * width * 2]).values as Float32Array, [2, height, width, 2]);
/** From −1 to 1, none nearer to another than a hundredth of that: a small step changes no maximum. */
const volume = () =>
  tf.tensor5d(
    Float32Array.from({ length: 240 }, (_, i) => ((i * 97) % 240) / 120 - 1),
    [2, 3, 4, 5, 2],
  );
const weigh = (y: tf.Tensor) => tf.sum(tf.mul(y, tf.cos(tf.reshape(tf.range(0, y.size), y.shape))));

/** Each is linear: a wide step costs no precision. */
function expectGradient(run: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): void {
  const loss = (input: tf.Tensor) => weigh(run(input));
  expectClose(tf.grad(loss)(x).dataSync(), finiteDifference(loss, x, { h: 0.5 }), 1e-4);
  expectNoLeak(() => tf.grad(loss)(x));
}

describeOnRuntimes('gradients that TensorFlow.js gets wrong are those of finite differences', () => {
  it.each([
    ['same', 3, 2],
    ['same', 2, 2],
    ['same', [3, 1], 1],
    ['valid', 3, 2],
    [1, 3, 2],
  ] as const)('of averages with padding %s, filter %s, stride %s', (pad, filter, stride) => {
    const size = filter as number;
    expectGradient((x) => tf.avgPool(x as tf.Tensor4D, size, stride, pad, pad === 1 ? 'floor' : undefined), image([5, 4]));
  });

  it.each(['same', 'valid'] as const)('of averages in three dimensions with padding %s', (pad) => {
    expectGradient((x) => tf.avgPool3d(x as tf.Tensor5D, 2, 2, pad), volume());
    expectGradient((x) => tf.avgPool3d(x as tf.Tensor5D, [1, 3, 2], 1, pad), volume());
  });

  it.each(['same', 'valid', 1] as const)('of maxima in three dimensions with padding %s', (pad) => {
    for (const [filter, stride] of [
      [2, 1],
      [[2, 3, 2], 2],
    ] as const) {
      const round = pad === 1 ? 'floor' : undefined;
      const loss = (x: tf.Tensor) => weigh(tf.maxPool3d(x as tf.Tensor5D, filter as number, stride, pad, round));
      const x = volume();
      expectClose(tf.grad(loss)(x).dataSync(), finiteDifference(loss, x, { h: 1e-3 }), 4e-3);
      expectNoLeak(() => tf.grad(loss)(x));
    }
  });

  it('in three dimensions, or are refused where backends do not agree', () => {
    const loss = (x: tf.Tensor) => tf.sum(tf.avgPool3d(x as tf.Tensor5D, 1, 2, 'same'));
    const x = tf.ones([1, 4, 4, 4, 1]);
    expect(() => tf.grad(loss)(x)).toThrow(/expected a window of at least its stride with padding 'same'.*; pad by 'valid'/);
  });

  const sizes = [[6, 8], [7, 5], [2, 3], [1, 1]] as const; // prettier-ignore
  it.each(sizes)('of images resized to %i × %i', (height, width) => {
    for (const resize of [tf.image.resizeBilinear, tf.image.resizeNearestNeighbor]) {
      for (const [corners, centers] of [
        [false, false],
        [true, false],
        [false, true],
      ] as const) {
        if (corners && height === 1) continue;
        expectGradient((x) => resize(x as tf.Tensor4D, [height, width], corners, centers), image([3, 4]));
      }
    }
  });
});
