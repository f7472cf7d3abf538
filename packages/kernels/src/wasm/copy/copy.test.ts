import '@netspace/kernels/wasm';
import { expectSameAsCpu, randomInput } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';

const shapes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
const inputOf = (shape: readonly number[], dtype: string) => {
  const { values } = randomInput(shape);
  return { shape, values: Float32Array.from(values, (value) => Math.round(value * 99)), dtype: dtype as 'float32' | 'int32' };
};
const dtypes = fc.constantFrom('float32', 'int32');

describe('copying kernels on wasm', () => {
  beforeEach(() => tf.setBackend('wasm'));
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
  it('gather as cpu does, along any axis, neighbors or not', () =>
    fc.assert(
      fc.asyncProperty(
        shapes,
        fc.nat(4),
        fc.array(fc.record({ from: fc.nat(8), run: fc.integer({ min: 1, max: 4 }) }), { minLength: 1, maxLength: 4 }),
        dtypes,
        async (shape, at, runs, dtype) => {
          const axis = at % shape.length;
          const places = runs.flatMap(({ from, run }) => Array.from({ length: run }, (_, i) => (from + i) % shape[axis]!));
          await expectSameAsCpu('wasm', [inputOf(shape, dtype)], (x) => tf.gather(x!, places, axis));
        },
      ),
      { numRuns: 60 },
    ));
  it('gather long rows, and refuse to gather beyond the end', async () => {
    await expectSameAsCpu('wasm', [randomInput([3, 5, 40])], (x) => tf.gather(x!, [4, 0, 1, 1], 1));
    expect(() => tf.gather(tf.ones([3, 2]), [0, 3])).toThrow(/indices from 0 to 2, got 3/);
  });
  it('clone without copying, and still each for itself', () => {
    const x = tf.tensor1d([1, 2, 3]);
    const buffers = tf.memory().numDataBuffers;
    const clone = tf.clone(x);
    expect([tf.memory().numDataBuffers, [...clone.dataSync()]]).toEqual([buffers, [1, 2, 3]]);
    x.dispose();
    expect([...clone.dataSync()]).toEqual([1, 2, 3]);
    const variable = tf.variable(clone);
    clone.dispose();
    variable.assign(tf.add(variable, 1));
    expect([...variable.dataSync()]).toEqual([2, 3, 4]);
  });
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
