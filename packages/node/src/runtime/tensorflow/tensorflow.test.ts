import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';

import { expectClose, isTensorflowInstalled } from '@netspace/testing';

import { selectRuntime } from '../select-runtime.js';

describe.skipIf(!isTensorflowInstalled())('tensorflow (skipped where it is not installed: netspace runtime install)', () => {
  beforeAll(async () => {
    await selectRuntime({ prefer: 'tensorflow' });
  });
  const gradient = (): number[] => {
    const x = tf.randomNormal<tf.Rank.R4>([2, 8, 8, 3], 0, 1, 'float32', 1);
    const loss = (filter: tf.Tensor): tf.Scalar => tf.sum(tf.square(tf.conv2d(x, filter as tf.Tensor4D, 2, 'valid')));
    return tf.tidy(() => [
      ...tf
        .grad(loss)(tf.ones([3, 3, 3, 4]))
        .dataSync(),
    ]);
  };

  it('is the backend of our TensorFlow.js and has the gradients of the cpu', async () => {
    expect(tf.getBackend()).toBe('tensorflow');
    const got = gradient();
    await selectRuntime({ prefer: 'cpu' });
    expectClose(got, gradient(), 1e-5);
    await selectRuntime({ prefer: 'tensorflow' });
    expect(tf.getBackend()).toBe('tensorflow');
  });
  it('counts tensors as ours', () => {
    const before = tf.memory().numTensors;
    const tensor = tf.zeros([2]);
    expect(tf.memory().numTensors).toBe(before + 1);
    tensor.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
  it('runs the ops that call what newer Nodes lack in node:util', () => {
    expect([...tf.topk(tf.tensor1d([1, 3, 2]), 2).values.dataSync()]).toEqual([3, 2]);
  });
  it('saves a model below folders that are not there yet, and says where a file is in the way', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'netspace-save-'));
    const model = sequential({ layers: [layers.dense({ units: 2, inputShape: [3] })] });
    await model.save(`file://${folder}/models/m0`);
    const loaded = await loadLayersModel(`file://${folder}/models/m0/model.json`);
    expect(loaded.getWeights()[0]!.arraySync()).toEqual(model.getWeights()[0]!.arraySync());
    await expect(model.save(`file://${folder}/models/m0/model.json/m1`)).rejects.toMatchObject({ name: 'NetSpaceError' });
    for (const one of [model, loaded]) one.dispose();
    rmSync(folder, { recursive: true });
  });
});
