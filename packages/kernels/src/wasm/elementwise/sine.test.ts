import '@netspace/kernels/wasm';
import { expectSameAsCpu, randomInput } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { LARGEST_ANGLE } from '../loops/sine-loop.js';

const cases = [
  ['sin', tf.sin, Math.sin],
  ['cos', tf.cos, Math.cos],
] as const;

describe.each(cases)('%s on wasm', (_, kernel, exact) => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
  });

  const errorsOf = async (angles: Float32Array) => {
    const got = await tf.tidy(() => kernel(tf.tensor1d(angles))).data();
    return Float64Array.from(got, (value, i) => Math.abs(value - exact(angles[i]!)));
  };

  it('is within 1.3e-7 of double precision, wherever the angle', () =>
    fc.assert(
      fc.asyncProperty(fc.float32Array({ min: -LARGEST_ANGLE, max: LARGEST_ANGLE, noNaN: true, maxLength: 70 }), async (angles) => {
        expect(Math.max(0, ...(await errorsOf(angles)))).toBeLessThan(1.3e-7);
      }),
      { numRuns: 200 },
    ));

  it('is so at a million evenly spread angles, also near the multiples of a quarter turn', async () => {
    const angles = Float32Array.from({ length: 2 ** 20 }, (_, i) => ((i - 2 ** 19) / 2 ** 19) * LARGEST_ANGLE * 0.999);
    const turns = Float32Array.from({ length: 2 ** 14 }, (_, i) => ((i - 2 ** 13) * Math.PI) / 2 / 2);
    for (const each of [angles, turns]) expect((await errorsOf(each)).reduce((a, b) => Math.max(a, b))).toBeLessThan(1.3e-7);
  });

  it('leaves large angles and what is no number to JavaScript', async () => {
    const strange = [LARGEST_ANGLE, -1e6, 3e38, 1, -Infinity, Infinity, NaN, 0.5];
    const got = await tf.tidy(() => kernel(tf.tensor1d(strange))).data();
    expect([...got]).toEqual(
      strange.map((angle, i) =>
        i === 3 || i === 7 ? (expect.closeTo(exact(angle), 6) as number) : Math.fround(exact(Math.fround(angle))),
      ),
    );
  });

  it('has the values, gradients and second gradients of cpu, for any length', () =>
    fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 70 }), async (length) => {
        const first = tf.grad((x: tf.Tensor) => tf.sum(kernel(x)));
        await expectSameAsCpu('wasm', [randomInput([length])], (x) => [kernel(x!), first(x!), tf.grad((z) => tf.sum(first(z)))(x!)]);
      }),
      { numRuns: 15 },
    ));

  it('takes whole numbers as cpu does', () =>
    expectSameAsCpu('wasm', [{ shape: [5], values: Float32Array.of(-2, -1, 0, 1, 2), dtype: 'int32' }], (x) =>
      kernel(tf.cast(x!, 'float32')),
    ));
});
