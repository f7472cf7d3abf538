import '@netspace/kernels/wasm';
import { expectSameAsCpu, type Input, randomInput } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const comparisons = {
  equal: tf.equal,
  notEqual: tf.notEqual,
  less: tf.less,
  lessEqual: tf.lessEqual,
  greater: tf.greater,
  greaterEqual: tf.greaterEqual,
} as const;

/** Few different values, so that many are equal. */
const coarse = (shape: readonly number[], seed: number): Input => {
  const { values } = randomInput(shape, seed);
  return { shape, values: Float32Array.from(values, (value) => Math.round(value * 2)) };
};

/** A shape and, for each operand, which of its dimensions are one (or missing at the front). */
const broadcastCases = fc.array(fc.integer({ min: 1, max: 21 }), { minLength: 1, maxLength: 4 }).chain((shape) => {
  const operand = fc.record({
    ones: fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
    drop: fc.nat(shape.length),
  });
  return fc
    .tuple(operand, operand)
    .map((operands) => operands.map(({ ones, drop }) => shape.map((size, i) => (ones[i] ? 1 : size)).slice(drop)));
});

describe.each(Object.entries(comparisons))('%s on wasm', (_, compare) => {
  it('is that of cpu for any broadcast', () =>
    fc.assert(
      fc.asyncProperty(broadcastCases, async (shapes) => {
        await expectSameAsCpu('wasm', shapes.map(coarse), (a, b) => compare(a!, b!));
      }),
      { numRuns: 15 },
    ));
});

describe('element-wise kernels on wasm', () => {
  it('leakyRelu is that of cpu for any length', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 70 }), fc.double({ min: 0, max: 1, noNaN: true }), async (length, alpha) => {
        await expectSameAsCpu('wasm', [randomInput([length])], (x) => tf.leakyRelu(x!, alpha));
      }),
      { numRuns: 25 },
    ));
  it('leakyRelu of int32 is that of cpu', () =>
    expectSameAsCpu('wasm', [{ ...coarse([9], 1), dtype: 'int32' }], (x) => tf.leakyRelu(x!, 0.5)));
  it('comparisons of int32 are those of cpu', () =>
    expectSameAsCpu('wasm', [{ ...coarse([4, 9], 1), dtype: 'int32' }, { ...coarse([9], 2), dtype: 'int32' }], (a, b) => tf.less(a!, b!))); // prettier-ignore
});

describe.each(Object.entries({ maximum: tf.maximum, minimum: tf.minimum }))('%s on wasm', (_, choose) => {
  it('is that of cpu for any broadcast', () =>
    fc.assert(
      fc.asyncProperty(broadcastCases, async (shapes) => {
        await expectSameAsCpu('wasm', shapes.map(coarse), (a, b) => choose(a!, b!));
      }),
      { numRuns: 15 },
    ));
  it('is NaN where either is', async () => {
    await tf.setBackend('wasm');
    const [a, b] = [tf.tensor1d([NaN, 1, NaN, 2]), tf.tensor1d([0, NaN, NaN, 2])];
    expect([...choose(a, b).dataSync()]).toEqual([NaN, NaN, NaN, 2]);
    expect([...choose(a, tf.scalar(NaN)).dataSync()]).toEqual([NaN, NaN, NaN, NaN]);
  });
});
