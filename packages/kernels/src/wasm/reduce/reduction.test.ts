import '@netspace/kernels/wasm';
import { expectSameAsCpu, randomInput } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

const reductions = { sum: tf.sum, mean: tf.mean, max: tf.max, min: tf.min } as const;

const cases = fc
  .array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 })
  .chain((shape) => fc.record({ shape: fc.constant(shape), axes: fc.subarray([...shape.keys()]), keepDims: fc.boolean() }));

describe.each(Object.entries(reductions))('%s on wasm', (_, reduce) => {
  it('is that of cpu over any axes', () =>
    fc.assert(
      fc.asyncProperty(cases, async ({ shape, axes, keepDims }) => {
        await expectSameAsCpu('wasm', [randomInput(shape)], (x) => reduce(x, axes, keepDims));
      }),
      { numRuns: 25 },
    ));
});

describe('reductions on wasm', () => {
  beforeAll(() => tf.setBackend('wasm'));

  it('sum more ones than single precision can count', () => {
    expect(tf.tidy(() => tf.sum(tf.ones([20_000_000])).dataSync()[0])).toBe(20_000_000);
    expect(tf.tidy(() => tf.sum(tf.ones([20_000_000, 1]), 0).dataSync()[0])).toBe(20_000_000);
  });
  it('keep what is not a number', () => {
    const x = tf.tensor2d([[1, Number.NaN, 3], [4, 5, 6]]); // prettier-ignore
    for (const reduce of [tf.max, tf.min]) {
      expect([...reduce(x, 1).dataSync()].map(Number.isNaN)).toEqual([true, false]);
      expect([...reduce(x, 0).dataSync()].map(Number.isNaN)).toEqual([false, true, false]);
    }
  });
});
