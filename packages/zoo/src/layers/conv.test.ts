import { randomStream } from '@netspace/prep/internal';
import { describeOnRuntimes, expectClose, expectNoLeak } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { convolve, explicitPadding } from './conv.js';

interface Case {
  readonly height: number;
  readonly width: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly inputs: number;
  readonly outputs: number;
}

const cases = fc
  .record({
    height: fc.integer({ min: 5, max: 9 }),
    width: fc.integer({ min: 5, max: 9 }),
    kernel: fc.constantFrom(1, 2, 3, 5),
    stride: fc.integer({ min: 1, max: 3 }),
    padding: fc.integer({ min: 0, max: 2 }),
    inputs: fc.integer({ min: 1, max: 3 }),
    outputs: fc.integer({ min: 1, max: 3 }),
  })
  .filter(({ kernel, padding }) => padding < kernel);

const random = (count: number, seed: number): Float32Array => {
  const uniform = randomStream(seed);
  return Float32Array.from({ length: count }, () => uniform() - 0.5);
};

/** Σ x[b, y·s + i − p, x·s + j − p, c] · w[i, j, c, o] as it is written. */
function reference(x: Float32Array, w: Float32Array, batch: number, c: Case): number[] {
  const size = (n: number) => Math.floor((n + 2 * c.padding - c.kernel) / c.stride) + 1;
  const [rows, columns] = [size(c.height), size(c.width)];
  const result: number[] = [];
  for (let b = 0; b < batch; b++)
    for (let r = 0; r < rows; r++)
      for (let q = 0; q < columns; q++)
        for (let o = 0; o < c.outputs; o++) {
          let sum = 0;
          for (let i = 0; i < c.kernel; i++)
            for (let j = 0; j < c.kernel; j++) {
              const [y, z] = [r * c.stride + i - c.padding, q * c.stride + j - c.padding];
              if (y < 0 || y >= c.height || z < 0 || z >= c.width) continue;
              for (let k = 0; k < c.inputs; k++)
                sum += x[((b * c.height + y) * c.width + z) * c.inputs + k]! * w[((i * c.kernel + j) * c.inputs + k) * c.outputs + o]!;
            }
          result.push(sum);
        }
  return result;
}

describeOnRuntimes('convolve', () => {
  it("is PyTorch's convolution for any size, kernel, stride and padding", () => {
    fc.assert(
      fc.property(cases, fc.nat(1000), (c, seed) => {
        const x = random(2 * c.height * c.width * c.inputs, seed);
        const w = random(c.kernel ** 2 * c.inputs * c.outputs, seed + 1);
        const got = tf.tidy(() =>
          convolve(
            tf.tensor4d(x, [2, c.height, c.width, c.inputs]),
            tf.tensor4d(w, [c.kernel, c.kernel, c.inputs, c.outputs]),
            undefined,
            c,
          ).dataSync(),
        );
        expectClose(got, reference(x, w, 2, c), 1e-5);
      }),
      { numRuns: 40 },
    );
  });
  it('adds the bias and applies the leaky ReLU', () => {
    const [x, w] = [tf.tensor4d([1, -1], [2, 1, 1, 1]), tf.tensor4d([2], [1, 1, 1, 1])];
    const y = convolve(x, w, tf.tensor1d([-1]), { activation: 'leaky' });
    expectClose(y.dataSync(), [1, -0.03], 1e-6);
  });
  it('takes a view of a larger tensor as its bias', () => {
    const [x, w] = [tf.tensor4d([1], [1, 1, 1, 1]), tf.tensor4d([2], [1, 1, 1, 1])];
    expectClose(convolve(x, w, tf.unstack(tf.tensor2d([[1], [3]]))[1] as tf.Tensor1D).dataSync(), [5], 1e-6);
  });
  it('has the gradients of the linear map it is', () => {
    // For a linear map L, <L(x; w), dy> is bilinear: dx · x = dw · w = <y, dy>.
    for (const [size, kernel, stride, padding] of [
      [6, 3, 2, 1],
      [7, 3, 2, 1],
      [6, 3, 1, 1],
      [6, 1, 2, 0],
      [8, 5, 2, 2],
    ] as const) {
      const x = tf.tensor4d(random(2 * size * size * 2, 1), [2, size, size, 2]);
      const w = tf.tensor4d(random(kernel ** 2 * 6, 2), [kernel, kernel, 2, 3]);
      const b = tf.zeros<tf.Rank.R1>([3]);
      const value = (...[a, c, d]: tf.Tensor[]) =>
        tf.sum(tf.square(convolve(a as tf.Tensor4D, c as tf.Tensor4D, d as tf.Tensor1D, { stride, padding })));
      const [dx, dw, db] = tf.grads(value)([x, w, b]);
      const twice = 2 * value(x, w, b).dataSync()[0]!;
      expect(tf.sum(tf.mul(dx!, x)).dataSync()[0]).toBeCloseTo(twice, 3);
      expect(tf.sum(tf.mul(dw!, w)).dataSync()[0]).toBeCloseTo(twice, 3);
      expectClose(db!.dataSync(), tf.sum(tf.mul(2, convolve(x, w, b, { stride, padding })), [0, 1, 2]).dataSync(), 1e-4);
    }
  });
  it('leaks no tensor', () => {
    const [x, w, b] = [tf.ones<tf.Rank.R4>([1, 6, 6, 2]), tf.ones<tf.Rank.R4>([3, 3, 2, 2]), tf.ones<tf.Rank.R1>([2])];
    expectNoLeak(() => tf.tidy(() => convolve(x, w, b, { stride: 2, padding: 1, activation: 'leaky' })));
  });
});

describe('explicitPadding', () => {
  it("agrees with TensorFlow's 'same' at stride 1, and at stride 2 where the size is odd", () => {
    expect(explicitPadding(8, 3, 1, 1)).toEqual({ before: 1, after: 1, same: true });
    expect(explicitPadding(7, 3, 2, 1)).toEqual({ before: 1, after: 1, same: true });
    expect(explicitPadding(8, 3, 2, 1)).toEqual({ before: 1, after: 0, same: false });
  });
});
