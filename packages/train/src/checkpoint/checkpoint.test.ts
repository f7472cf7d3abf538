import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { writeSafetensors } from '@netspace/formats';
import { checkpointFile } from '@netspace/node';
import { describeOnRuntimes } from '@netspace/testing';

import { readCheckpoint, tensorsUnder, writeCheckpoint } from './checkpoint.js';
import { firstDifference } from './first-difference.js';
import { currentVersions } from './versions.js';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'netspace-checkpoint-'))));
afterAll(() => rm(folder, { recursive: true }));

describeOnRuntimes('checkpoints', () => {
  it('come back bit for bit', async () => {
    const path = join(folder, 'run', 'checkpoint.safetensors');
    const odd = Float32Array.of(0.1, -0, Number.NaN, Number.NEGATIVE_INFINITY, 1e-42);
    const tensors = { 'space/w': tf.tensor2d(odd, [1, 5]), 'optimizer/step': tf.scalar(7, 'int32'), 'space/none': tf.zeros([0, 2]) };
    const config = { seed: 3, batch: { nets: 2 } };
    await writeCheckpoint(checkpointFile(path), { step: 12, config, versions: currentVersions(), tensors });
    const before = tf.memory().numTensors;
    const read = (await readCheckpoint(checkpointFile(path)))!;
    expect({ step: read.step, config: read.config, versions: read.versions }).toEqual({ step: 12, config, versions: currentVersions() });
    expect(tf.memory().numTensors - before).toBe(3);
    const bits = (tensor: tf.Tensor) => [...new Uint8Array((tensor.dataSync() as Float32Array).slice().buffer)];
    const { w, none } = tensorsUnder(read.tensors, 'space/');
    expect(bits(w!)).toEqual([...new Uint8Array(odd.buffer)]);
    expect(w!.shape).toEqual([1, 5]);
    expect(none!.shape).toEqual([0, 2]);
    expect(read.tensors['optimizer/step']!.dtype).toBe('int32');
    tf.dispose([tensors, read.tensors]);
  });
});

describe('checkpoints', () => {
  it('are undefined where there is none', async () => {
    expect(await readCheckpoint(checkpointFile(join(folder, 'nothing')))).toBeUndefined();
  });

  it('refuse damaged and foreign files, naming them', async () => {
    const whole = join(folder, 'whole');
    await writeCheckpoint(checkpointFile(whole), { step: 0, config: {}, versions: {}, tensors: { a: tf.ones([9]) } });
    const bytes = await readFile(whole);
    await writeFile(join(folder, 'cut'), bytes.subarray(0, bytes.length - 1));
    await expect(readCheckpoint(checkpointFile(join(folder, 'cut')))).rejects.toMatchObject({
      code: 'CORRUPT_FILE',
      message: /cut is not a complete checkpoint/,
    });
    const foreign = async (name: string, metadata: Record<string, string>) => {
      const raw = { dtype: 'U8', shape: [1], data: Uint8Array.of(1) } as const;
      await writeFile(join(folder, name), writeSafetensors(new Map([['x', raw]]), { metadata }));
      return readCheckpoint(checkpointFile(join(folder, name)));
    };
    await expect(foreign('other', {})).rejects.toMatchObject({ code: 'CORRUPT_FILE', message: /expected a 'netspace-checkpoint-1' file/ });
    const format = 'netspace-checkpoint-1';
    await expect(foreign('config', { format, step: '1', config: '{' })).rejects.toThrow(/expected JSON in the metadata/);
    await expect(foreign('type', { format, step: '1', config: '1', versions: '{}' })).rejects.toThrow(
      /expected F32 or I32, got U8 for 'x'/,
    );
  });

  it('refuse tensors they cannot hold', async () => {
    const write = writeCheckpoint(checkpointFile(join(folder, 'bool')), {
      step: 0,
      config: 1,
      versions: {},
      tensors: { a: tf.tensor1d([true], 'bool') },
    });
    await expect(write).rejects.toMatchObject({ code: 'UNSUPPORTED', message: /got bool for 'a'/ });
  });
});

describe('firstDifference', () => {
  it('names the first key that differs', () => {
    const config = { seed: 1, batch: { nets: 2, images: [8, 8] } };
    expect(firstDifference(config, structuredClone(config))).toBeUndefined();
    expect(firstDifference(config, { ...config, batch: { nets: 2, images: [8, 9] } })).toBe('batch.images.1');
    expect(firstDifference(config, { seed: 1 })).toBe('batch');
    expect(firstDifference(config, { ...config, extra: 0 })).toBe('extra');
    expect(firstDifference(config, null)).toBe('the whole');
    expect(firstDifference({ a: [] }, { a: {} })).toBe('a');
  });
});
