import { availableParallelism } from 'node:os';

import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { RUNTIME_NAMES, type RuntimeName } from './runtime.js';
import { selectRuntime } from './select-runtime.js';

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('selectRuntime', () => {
  it.each<RuntimeName>(['wasm', 'cpu'])('starts %s where NETSPACE_RUNTIME asks for it, able to train a convolution', async (name) => {
    vi.stubEnv('NETSPACE_RUNTIME', name);
    vi.stubEnv('NETSPACE_THREADS', undefined); // vitest.config.ts asks for one: here it is to be all
    const selected = await selectRuntime();
    expect(selected).toMatchObject({ name, backend: name, reason: 'asked for by NETSPACE_RUNTIME', rejected: [] });
    expect(selected.threads).toBe(name === 'cpu' ? 1 : Math.min(8, availableParallelism()));
    expect(selected.version).toMatch(/^\d+\.\d+/);
    expect(tf.getBackend()).toBe(name);

    const x = tf.ones<tf.Rank.R4>([1, 3, 3, 1]);
    const gradient = tf.grad((filter: tf.Tensor) => tf.sum(tf.conv2d(x, filter as tf.Tensor4D, 1, 'valid')))(tf.ones([2, 2, 1, 1]));
    expect([...gradient.dataSync()]).toEqual([4, 4, 4, 4]);
  });
  it('tells why not the faster ones', async () => {
    const { name, reason, rejected } = await selectRuntime();
    expect(rejected.map((other) => other.name)).toEqual(RUNTIME_NAMES.slice(0, RUNTIME_NAMES.indexOf(name)));
    expect(rejected.every((other) => other.reason !== '')).toBe(true);
    expect(reason).not.toBe('');
  });
  it('lets the caller overrule the environment', async () => {
    vi.stubEnv('NETSPACE_RUNTIME', 'wasm');
    expect(await selectRuntime({ prefer: 'cpu' })).toMatchObject({ name: 'cpu', reason: "asked for by option 'prefer'" });
  });
  it('refuses a name that it does not know', async () => {
    vi.stubEnv('NETSPACE_RUNTIME', 'cuda');
    await expect(selectRuntime()).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(/one of tensorflow-gpu.*got cuda/),
    });
  });
});
