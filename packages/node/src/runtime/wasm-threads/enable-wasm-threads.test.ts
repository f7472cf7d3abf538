import { fork } from 'node:child_process';

import { gemmEngine } from '@netspace/kernels/internal';
import { convolutionCases, expectSameAsCpu, gradientsOf, randomInput } from '@netspace/testing';
import { programOf } from '@netspace/testing/program-of';
import { getThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';

import { enableRelaxedSimd, hasRelaxedSimd } from './enable-relaxed-simd.js';
import { enableWasmThreads } from './enable-wasm-threads.js';

const convolve =
  (strides: number, pad: 'same' | 'valid') =>
  (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
    tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad);

describe('enableWasmThreads', () => {
  beforeAll(async () => {
    await enableWasmThreads({ threads: 3 });
    await tf.setBackend('wasm');
  });

  it('has fused multiply-add, and then leaves the flag alone', () => {
    expect(hasRelaxedSimd()).toBe(true);
    enableRelaxedSimd();
    expect(hasRelaxedSimd()).toBe(true);
  });

  it('starts as many threads as asked for, in XNNPACK and in our products', () => {
    expect(getThreadsCount()).toBe(3);
    const backend: object = tf.backend();
    expect(gemmEngine(backend as Parameters<typeof gemmEngine>[0]).threads).toBe(3);
  });

  it.each([
    ['stride 1', [2, 24, 24, 16], [3, 3, 16, 24], 1, 'same'],
    ['stride 2', [2, 25, 26, 16], [3, 3, 16, 32], 2, 'valid'],
    ['more threads than lines of the filter gradient', [4, 64, 64, 1], [1, 3, 1, 64], 1, 'valid'],
  ] as const)('computes convolutions that are split between threads as cpu does: %s', async (_, input, filter, strides, pad) => {
    const inputs = [randomInput(input), randomInput(filter, 2)];
    await expectSameAsCpu('wasm', inputs, convolve(strides, pad));
    await expectSameAsCpu('wasm', inputs, gradientsOf(convolve(strides, pad)));
  });

  it('computes small convolutions as cpu does', () =>
    fc.assert(
      fc.asyncProperty(convolutionCases, async ({ input, filter, strides, pad }) => {
        const run = (x: tf.Tensor, w: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, strides, pad);
        await expectSameAsCpu('wasm', [randomInput(input), randomInput(filter, 2)], gradientsOf(run));
      }),
      { numRuns: 15 },
    ));

  it('grows its memory beyond what it starts with', () => {
    const before = tf.memory().numBytes;
    const large = tf.tidy(() => tf.sum(tf.ones([40, 1_000_000])));
    expect(large.dataSync()[0]).toBe(40_000_000);
    large.dispose();
    expect(tf.memory().numBytes).toBe(before);
  });

  it('lets the process end', async () => {
    const child = fork(await programOf('testing/runtimes/wasm-threads-child.ts'), [], { execArgv: [], silent: true });
    let message: unknown;
    child.on('message', (value) => (message = value));
    const code = await new Promise((resolve) => child.once('exit', resolve));
    expect(message).toEqual({ threads: 2, backend: 'wasm', sum: 30 * 30 * 16 * 9 * 16 });
    expect(code).toBe(0);
  });

  it.each([0, 9, 1.5])('refuses %s threads', async (threads) => {
    await expect(enableWasmThreads({ threads })).rejects.toThrow(/threads from 1 to 8/);
  });
});
