import { convolutionCases, expectClose, expectSameAsCpu, gradientsOf, randomInput, startTensorflow } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, it } from 'vitest';

const installed = await startTensorflow();

const size = fc.integer({ min: 1, max: 9 });

describe.skipIf(!installed)('products on tensorflow (skipped where it is not installed)', () => {
  it('are those of cpu, of matrices and of batches, transposed or not, with their gradients', () =>
    fc.assert(
      fc.asyncProperty(
        size,
        size,
        size,
        fc.constantFrom([], [1], [1, 1], [3]),
        fc.boolean(),
        fc.boolean(),
        async (n, k, m, batch, ta, tb) => {
          const inputs = [randomInput([...batch, ...(ta ? [k, n] : [n, k])]), randomInput([...batch, ...(tb ? [m, k] : [k, m])], 2)];
          const multiply = (a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b, ta, tb);
          await expectSameAsCpu('tensorflow', inputs, gradientsOf(multiply));
        },
      ),
      { numRuns: 30 },
    ));
});

describe.skipIf(!installed)('LeakyReluGrad on tensorflow (skipped where it is not installed)', () => {
  it('is the gradient by the sign of the output', async () => {
    await tf.setBackend('tensorflow');
    const [dy, y] = [tf.tensor1d([1, 2, 3, 4]), tf.tensor1d([-0.1, 0, 1e-30, 5])];
    const gradient: tf.Tensor = tf.engine().runKernel('LeakyReluGrad', { dy, y }, { alpha: 0.01 });
    expectClose(await gradient.data(), [0.01, 0.02, 3, 4]);
    tf.dispose([dy, y, gradient]);
  });
});

describe.skipIf(!installed)('FusedConv2D on tensorflow (skipped where it is not installed)', () => {
  it('is that of cpu for any kernel, stride and padding, with bias and leaky ReLU', () =>
    fc.assert(
      fc.asyncProperty(convolutionCases, fc.boolean(), async ({ input, filter, strides, pad }, isLeaky) => {
        const inputs = [randomInput(input), randomInput(filter, 2), randomInput([filter[3]!], 3)];
        const convolve = (x: tf.Tensor, w: tf.Tensor, bias: tf.Tensor) =>
          tf.fused.conv2d({
            ...{ x: x as tf.Tensor4D, filter: w as tf.Tensor4D, bias: bias as tf.Tensor1D, strides, pad },
            ...(isLeaky && { activation: 'leakyrelu', leakyreluAlpha: 0.01 }),
          });
        await expectSameAsCpu('tensorflow', inputs, (x, w, bias) => [convolve(x!, w!, bias!)]);
      }),
      { numRuns: 30 },
    ));
});
