import { expectSameAsCpu, gradientsOf, randomInput, startTensorflow } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, it } from 'vitest';

const installed = await startTensorflow();

type Padding = 'valid' | 'same' | [[0, 0], [number, number], [number, number], [0, 0]];

/** Convolutions of one channel into one column, with unequal strides: kernel of [height, width], input of [height, width]. */
const cases: readonly { input: [number, number]; kernel: [number, number]; strides: [number, number]; pad: Padding }[] = [
  { input: [3, 5], kernel: [2, 5], strides: [1, 2], pad: 'valid' }, // the one that was found
  { input: [3, 6], kernel: [2, 5], strides: [1, 2], pad: 'valid' }, // a column of the input is read by nobody
  { input: [5, 2], kernel: [3, 3], strides: [1, 3], pad: 'same' },
  { input: [4, 1], kernel: [2, 3], strides: [1, 2], pad: [[0, 0], [1, 0], [2, 0], [0, 0]] }, // prettier-ignore
  { input: [7, 3], kernel: [2, 3], strides: [2, 3], pad: 'valid' },
];

describe.skipIf(!installed)('a convolution of one channel into one column on tensorflow (skipped where it is not installed)', () => {
  it.each(cases)('$input by $kernel, strides $strides, padding $pad is that of cpu', async ({ input, kernel, strides, pad }) => {
    const inputs = [randomInput([2, ...input, 1]), randomInput([...kernel, 1, 3], 2), randomInput([3], 3)];
    const plain = (x: tf.Tensor, filter: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad);
    await expectSameAsCpu('tensorflow', inputs.slice(0, 2), gradientsOf(plain));
    await expectSameAsCpu('tensorflow', inputs, (x, filter, bias) => {
      const options = { x: x as tf.Tensor4D, filter: filter as tf.Tensor4D, bias: bias as tf.Tensor1D, strides, pad };
      return [plain(x!, filter!), tf.fused.conv2d(options), tf.fused.conv2d({ ...options, activation: 'relu' })];
    });
  });
});
