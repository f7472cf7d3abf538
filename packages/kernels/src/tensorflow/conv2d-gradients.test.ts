import {
  type ConvolutionCase,
  convolutionCases,
  expectClose,
  expectSameAsCpu,
  gradientsOf,
  randomInput,
  startTensorflow,
} from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, it } from 'vitest';

const installed = await startTensorflow();

const convolve =
  ({ strides, pad }: Pick<ConvolutionCase, 'strides' | 'pad'>) =>
  (x: tf.Tensor, filter: tf.Tensor) =>
    tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad);

describe.skipIf(!installed)('convolution gradients on tensorflow (skipped where it is not installed)', () => {
  it('are those of cpu for any kernel, stride and padding, explicit too', () =>
    fc.assert(
      fc.asyncProperty(convolutionCases, async (example) => {
        const inputs = [randomInput(example.input), randomInput(example.filter, 2)];
        await expectSameAsCpu('tensorflow', inputs, gradientsOf(convolve(example)));
      }),
      { numRuns: 30 },
    ));
  it('of an image so large that patches are gathered is, for ones, the sum of the gradient', async () => {
    await tf.setBackend('tensorflow');
    const sums = tf.tidy(() => {
      const x = tf.ones([1, 3, 9001, 128]);
      const weights = tf.range(0, 256);
      const [, dw] = tf.grads((a: tf.Tensor, b: tf.Tensor) => tf.mul(convolve({ strides: [2, 2], pad: 'valid' })(a, b), weights))([
        x,
        tf.zeros([1, 3, 128, 256]),
      ]);
      return tf.reshape(tf.slice(dw!, [0, 1, 127, 250], [1, 1, 1, 6]), [6]);
    });
    const pixels = 2 * 4500;
    expectClose(await sums.data(), [250, 251, 252, 253, 254, 255].map((weight) => weight * pixels)); // prettier-ignore
    sums.dispose();
  });
});
