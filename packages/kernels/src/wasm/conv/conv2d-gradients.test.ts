import '@netspace/kernels/wasm';
import { expectSameAsCpu, gradientsOf, randomInput, convolutionCases, type ConvolutionCase } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, it } from 'vitest';

const convolution =
  ({ strides, pad }: ConvolutionCase) =>
  (x: tf.Tensor, filter: tf.Tensor) =>
    tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad);

const depthwise =
  ({ strides, pad }: ConvolutionCase) =>
  (x: tf.Tensor, filter: tf.Tensor) =>
    tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad);

describe('convolutions and their gradients on wasm', () => {
  it('are those of cpu for any kernel, stride and padding', () =>
    fc.assert(
      fc.asyncProperty(convolutionCases, async (example) => {
        const inputs = [randomInput(example.input), randomInput(example.filter, 2)];
        await expectSameAsCpu('wasm', inputs, convolution(example));
        await expectSameAsCpu('wasm', inputs, gradientsOf(convolution(example)));
      }),
      { numRuns: 60 },
    ));

  it('are those of cpu for depthwise convolutions of equal strides', () =>
    fc.assert(
      fc.asyncProperty(convolutionCases, fc.integer({ min: 1, max: 3 }), async (example, multiplier) => {
        const filter = [example.filter[0], example.filter[1], example.filter[2], multiplier];
        const inputs = [randomInput(example.input), randomInput(filter, 2)];
        const run = depthwise({ ...example, strides: [example.strides[0], example.strides[0]] });
        await expectSameAsCpu('wasm', inputs, run);
        await expectSameAsCpu('wasm', inputs, gradientsOf(run));
      }),
      { numRuns: 40 },
    ));
});
