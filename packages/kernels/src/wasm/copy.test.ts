import '@netspace/kernels/wasm';
import { expectSameAsCpu, randomInput } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, it } from 'vitest';

const shapes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
const inputOf = (shape: readonly number[], dtype: string) => {
  const { values } = randomInput(shape);
  return { shape, values: Float32Array.from(values, (value) => Math.round(value * 99)), dtype: dtype as 'float32' | 'int32' };
};
const dtypes = fc.constantFrom('float32', 'int32');

describe('copying kernels on wasm', () => {
  it('transpose as cpu does, for any shape and order', () =>
    fc.assert(
      fc.asyncProperty(shapes, fc.infiniteStream(fc.nat()), dtypes, async (shape, random, dtype) => {
        const order = shape.map((_, axis) => ({ axis, key: random.next().value as number })).sort((a, b) => a.key - b.key);
        await expectSameAsCpu('wasm', [inputOf(shape, dtype)], (x) => tf.transpose(x!, order.map(({ axis }) => axis))); // prettier-ignore
      }),
      { numRuns: 60 },
    ));
  it.each([
    [37, 23],
    [4, 64],
    [64, 3],
    [130, 70],
  ])('transpose matrices of %i × %i, in blocks and at the edges', async (rows, columns) => {
    // prettier-ignore
    await expectSameAsCpu('wasm', [randomInput([2, rows, columns])], (x) => tf.transpose(x!, [0, 2, 1]));
  });
  it('slice as cpu does, anywhere', () =>
    fc.assert(
      fc.asyncProperty(
        shapes,
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        dtypes,
        async (shape, random, dtype) => {
          const fraction = () => random.next().value as number;
          const begin = shape.map((size) => Math.floor(fraction() * size));
          const size = shape.map((whole, i) => 1 + Math.floor(fraction() * (whole - begin[i]!)));
          await expectSameAsCpu('wasm', [inputOf(shape, dtype)], (x) => tf.slice(x!, begin, size));
        },
      ),
      { numRuns: 60 },
    ));
  it('slice with steps as cpu does', () =>
    fc.assert(
      fc.asyncProperty(shapes, fc.infiniteStream(fc.integer({ min: 0, max: 20 })), async (shape, random) => {
        const next = () => random.next().value as number;
        const begin = shape.map((size) => next() % size);
        const end = shape.map((size, i) => begin[i]! + 1 + (next() % (size - begin[i]!)));
        const strides = shape.map(() => 1 + (next() % 3));
        await expectSameAsCpu('wasm', [randomInput(shape)], (x) => tf.stridedSlice(x!, begin, end, strides));
      }),
      { numRuns: 60 },
    ));
});
