import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';

describe('importing @netspace/kernels', () => {
  afterEach(() => vi.restoreAllMocks());

  it('registers nothing', async () => {
    await import('@netspace/kernels');
    expect(tf.getKernelsForBackend('wasm')).toEqual([]);
  });
});

describe('importing @netspace/kernels/wasm', () => {
  it('registers its kernels over the shipped ones, without a warning, also on a backend that runs already', async () => {
    await import('@tensorflow/tfjs-backend-wasm');
    await tf.setBackend('wasm');
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const shipped = new Set(tf.getKernelsForBackend('wasm').map(({ kernelName }) => kernelName));
    const { wasmKernels } = await import('@netspace/kernels/wasm');
    expect(shipped.has('Conv2DBackpropFilter')).toBe(false);
    for (const config of wasmKernels) expect(tf.getKernel(config.kernelName, 'wasm')).toBe(config);
    expect(tf.getKernelsForBackend('wasm').length).toBe(new Set([...shipped, ...wasmKernels.map(({ kernelName }) => kernelName)]).size);
    const product = () => [...tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).dataSync()];
    expect(product()).toEqual([3, 3, 3, 3]);
    expect(warn).not.toHaveBeenCalled();
  });
});
