import '@netspace/kernels/wasm';
import { expectSameAsCpu, randomInput } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

const size = (max: number) => fc.integer({ min: 1, max });

describe('matMul on wasm', () => {
  it('refuses whole numbers, whose bits it would take for others', async () => {
    await tf.setBackend('wasm');
    const whole = tf.tensor2d([[1, 2], [3, 4]], [2, 2], 'int32'); // prettier-ignore
    expect(() => tf.matMul(whole, whole)).toThrow('BatchMatMul: expected float32 tensors on wasm, got int32; cast them first');
    whole.dispose();
  });
  it('is that of cpu for any sizes, batch and transposes', () =>
    fc.assert(
      fc.asyncProperty(
        fc.record({ lines: size(20), steps: size(40), columns: size(20), batch: size(4), single: fc.constantFrom('a', 'b', 'neither') }),
        fc.boolean(),
        fc.boolean(),
        async ({ lines, steps, columns, batch, single }, transposeA, transposeB) => {
          const a = [single === 'a' ? 1 : batch, ...(transposeA ? [steps, lines] : [lines, steps])];
          const b = [single === 'b' ? 1 : batch, ...(transposeB ? [columns, steps] : [steps, columns])];
          await expectSameAsCpu('wasm', [randomInput(a), randomInput(b, 2)], (x, y) => tf.matMul(x!, y!, transposeA, transposeB));
        },
      ),
      { numRuns: 40 },
    ));
  it('splits long common dimensions and wide results into blocks', () =>
    expectSameAsCpu('wasm', [randomInput([7, 600]), randomInput([600, 530], 2)], (a, b) => tf.matMul(a!, b!)));
  it('of nothing is zero', async () => {
    await tf.setBackend('wasm');
    expect([...tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 2])).dataSync()]).toEqual([0, 0, 0, 0]);
  });
});

describe('matMul of batches on wasm', () => {
  beforeAll(() => tf.setBackend('wasm'));
  it('broadcasts both ways at once', () => {
    const a = tf.reshape(tf.range(0, 12), [2, 1, 2, 3]);
    const b = tf.reshape(tf.range(0, 18), [1, 3, 3, 2]);
    const product = tf.matMul(a, b);
    expect(product.shape).toEqual([2, 3, 2, 2]);
    const single = tf.matMul(tf.slice(a, [1, 0], [1, 1]), tf.slice(b, [0, 2], [1, 1]));
    expect([...tf.slice(product, [1, 2], [1, 1]).dataSync()]).toEqual([...single.dataSync()]);
  });
});
