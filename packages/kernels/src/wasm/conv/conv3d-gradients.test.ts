import '@netspace/kernels/wasm';
import { expectSameAsCpu, gradientsOf, randomInput } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, it } from 'vitest';

const three = (min: number, max: number) => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }), fc.integer({ min, max }));

const cases = three(1, 3).chain((kernel) =>
  fc.record({
    kernel: fc.constant(kernel),
    size: fc.tuple(...kernel.map((k) => fc.integer({ min: k, max: k + 4 }))),
    strides: three(1, 2),
    batch: fc.integer({ min: 1, max: 2 }),
    inChannels: fc.integer({ min: 1, max: 5 }),
    outChannels: fc.integer({ min: 1, max: 5 }),
    pad: fc.constantFrom('valid' as const, 'same' as const),
  }),
);

describe('convolutions in three dimensions and their gradients on wasm', () => {
  it('are those of cpu for any kernel, stride and padding', () =>
    fc.assert(
      fc.asyncProperty(cases, async ({ kernel, size, strides, batch, inChannels, outChannels, pad }) => {
        const inputs = [randomInput([batch, ...size, inChannels]), randomInput([...kernel, inChannels, outChannels], 2)];
        const run = (x: tf.Tensor, filter: tf.Tensor) => tf.conv3d(x as tf.Tensor5D, filter as tf.Tensor5D, strides, pad);
        await expectSameAsCpu('wasm', inputs, run);
        await expectSameAsCpu('wasm', inputs, gradientsOf(run));
      }),
      { numRuns: 60 },
    ));
});
