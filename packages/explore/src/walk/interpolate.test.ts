import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeOnRuntimes, expectNoLeak } from '@netspace/testing';

import { evenGammas, interpolateEmbeddings } from './interpolate.js';

describeOnRuntimes('interpolateEmbeddings', () => {
  it('is the weighted mean of both ends', () => {
    const between = interpolateEmbeddings(tf.tensor1d([0, 8]), tf.tensor1d([4, 0]), [0, 0.25, 0.5, 1]);
    expect(between.shape).toEqual([4, 2]);
    expect([...between.dataSync()]).toEqual([0, 8, 1, 6, 2, 4, 4, 0]);
  });
  it('extrapolates beyond the ends', () => {
    expect([...interpolateEmbeddings(tf.tensor1d([0, 8]), tf.tensor1d([4, 0]), [2]).dataSync()]).toEqual([8, -8]);
  });
  it('gives both ends exactly and stays between them, whatever the embeddings', () => {
    const numbers = fc.float({ noNaN: true, min: Math.fround(-1e20), max: Math.fround(1e20) });
    const vectors = fc.array(fc.tuple(numbers, numbers), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(vectors, fc.double({ min: 0, max: 1, noNaN: true }), (pairs, gamma) => {
        const [start, middle, end] = tf.tidy(() => {
          const a = tf.tensor2d([pairs.map(([x]) => x)]);
          const b = tf.tensor1d(pairs.map(([, y]) => y));
          return interpolateEmbeddings(a, b, [0, gamma, 1]).arraySync();
        });
        pairs.forEach(([x, y], i) => {
          expect(start![i]! - x).toBe(0); // the difference, since it does not tell 0 from -0
          expect(end![i]! - y).toBe(0);
          const rounding = 1e-6 * Math.max(Math.abs(x), Math.abs(y)) + 1e-37;
          expect(middle![i]).toBeGreaterThanOrEqual(Math.min(x, y) - rounding);
          expect(middle![i]).toBeLessThanOrEqual(Math.max(x, y) + rounding);
        });
      }),
      { numRuns: 50 },
    );
  });
  it('has the gradients 1 − γ and γ', () => {
    const sum = (a: tf.Tensor, b: tf.Tensor) => tf.sum(interpolateEmbeddings(a, b, [0.25]));
    const [da, db] = tf.grads(sum)([tf.tensor1d([1, 2]), tf.tensor1d([3, 4])]);
    expect([...da!.dataSync()]).toEqual([0.75, 0.75]);
    expect([...db!.dataSync()]).toEqual([0.25, 0.25]);
  });
  it('leaks no tensor', () => {
    const a = tf.tensor1d([1, 2]);
    expectNoLeak(() => interpolateEmbeddings(a, a, evenGammas(3)));
  });
  it('refuses several rows, unequal sizes and impossible gammas', () => {
    const one = tf.zeros([1, 4]);
    expect(() => interpolateEmbeddings(tf.zeros([2, 4]), one, [0])).toThrow(/one embedding .*a of shape \[2,4\]/);
    expect(() => interpolateEmbeddings(one, tf.zeros([4, 1]), [0])).toThrow(/b of shape \[4,1\]/);
    expect(() => interpolateEmbeddings(one, tf.zeros([5]), [0])).toThrow(/4 numbers but b 5/);
    expect(() => interpolateEmbeddings(one, one, [])).toThrow(/at least one gamma/);
    expect(() => interpolateEmbeddings(one, one, [0, Number.NaN])).toThrow(/finite gammas, got NaN/);
  });
});

describe('evenGammas', () => {
  it('runs from 0 to 1', () => expect(evenGammas(5)).toEqual([0, 0.25, 0.5, 0.75, 1]));
  it('refuses fewer than two steps', () => {
    expect(() => evenGammas(1)).toThrow(/at least 2 steps/);
    expect(() => evenGammas(2.5)).toThrow(/got 2.5/);
  });
  it('refuses more than fit into memory', () => {
    expect(() => evenGammas(1e9)).toThrow(/at most 100000 steps, got 1000000000/);
  });
});
