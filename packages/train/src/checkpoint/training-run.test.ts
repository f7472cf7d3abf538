import { readSafetensors, writeSafetensors } from '@netspace/formats';
import { NetSpace } from '@netspace/model';
import { describeOnRuntimes } from '@netspace/testing';
import { createImageDataset, initialize, lenetLike } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it } from 'vitest';

import { trainNetSpace } from '../train-net-space.js';
import type { TrainNetSpaceOptions } from '../train-net-space-options.js';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { memoryCheckpoint } from './memory.js';

const task = { channels: 1, size: 13, classes: 3, width: 0.1 };
const [architecture, another] = [lenetLike(task), lenetLike({ ...task, width: 0.2 })];
const sizes = { embeddingSize: 16, grid: 4, encoderWidth: 2, decoderChannels: 4, decoderWidth: 16, decoderHidden: 4 };
const datasetOf = (multiplier: number) =>
  createImageDataset({
    ...{ name: 'noise', shape: [13, 13, 1], classes: 3, mean: [0.5], std: [0.25] },
    images: Uint8Array.from({ length: 12 * 169 }, (_, i) => Math.imul(i, multiplier) >>> 24),
    labels: Uint8Array.from({ length: 12 }, (_, i) => i % 3),
  });
const [dataset, otherDataset] = [datasetOf(0x9e3779b1), datasetOf(0x85ebca6b)];
const weight = 'encoder/conv1.0.weight';

describeOnRuntimes('a checkpoint', () => {
  let options: TrainNetSpaceOptions;
  let bytes: Uint8Array;
  const spaceOf = (architectures = [architecture]) => new NetSpace({ architectures, prepShape: [12, 64], ...sizes, seed: 1 });
  const holding = async (content: Uint8Array) => {
    const storage = memoryCheckpoint('kept');
    await storage.write(content);
    return storage;
  };
  const valuesOf = (space: NetSpace) => Object.values(space.variables).map((variable) => [...variable.dataSync()]);
  const resume = async (content: Uint8Array, change: Partial<TrainNetSpaceOptions> = {}, space = spaceOf()): Promise<number[]> => {
    const checkpoint = { storage: await holding(content), resume: true };
    const steps = [];
    try {
      for await (const { step } of trainNetSpace(space, { ...options, ...change, checkpoint })) steps.push(step);
    } finally {
      space.dispose();
    }
    return steps;
  };

  beforeAll(async () => {
    const instances = [1, 2].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) }));
    options = { instances, task: { kind: 'classification', dataset }, steps: 4, batch: { nets: 2, inputs: 3 }, readEvery: 3 };
    const storage = memoryCheckpoint();
    const space = spaceOf();
    for await (const _ of trainNetSpace(space, { ...options, checkpoint: { storage } }));
    space.dispose();
    bytes = (await storage.read())!;
  });

  it('of which one byte was changed is refused, wherever it is, as is one that was cut', async () => {
    for (let i = 0; i < 200; i++) {
      const changed = bytes.slice();
      const at = Math.floor((i * bytes.length) / 200);
      changed[at]! ^= 1 << (i % 8);
      const read = readCheckpoint(await holding(changed));
      await expect(read, `byte ${at}`).rejects.toMatchObject({ code: expect.stringMatching(/^(CORRUPT_FILE|LIMIT_EXCEEDED)$/) as string });
      await expect(readCheckpoint(await holding(bytes.slice(0, at)))).rejects.toMatchObject({ code: 'CORRUPT_FILE' });
    }
  });

  it('of earlier versions, without a checksum, is gone on from', async () => {
    const { tensors, metadata } = readSafetensors(bytes);
    const { sha256: _, config: json, ...rest } = metadata;
    const { architectures: __, data: ___, ...config } = JSON.parse(json!) as Record<string, unknown>;
    const former = { ...rest, format: 'netspace-checkpoint-1', config: JSON.stringify(config) };
    expect(await resume(writeSafetensors(tensors, { metadata: former }), { steps: 6 })).toEqual([5, 6]);
    for (const step of ['-7', '1.5', '', '1e1000']) {
      const read = readCheckpoint(await holding(writeSafetensors(tensors, { metadata: { ...former, step } })));
      await expect(read).rejects.toMatchObject({ code: 'CORRUPT_FILE', message: /expected a whole number of steps/ });
    }
  });

  const filled = (like: tf.Tensor, value: number) => tf.fill(like.shape, value);
  type Change = (
    checkpoint: Checkpoint,
  ) => Partial<Omit<Checkpoint, 'tensors'>> & { readonly tensors?: Record<string, tf.Tensor | undefined> };
  it.each<[string, RegExp, Change]>([
    ['a weight that is missing', /lacks the weight 'encoder\/conv1.0.weight'/, () => ({ tensors: { [`space/${weight}`]: undefined } })],
    ['a weight of another shape', /got float32 \[2\]/, () => ({ tensors: { [`space/${weight}`]: tf.zeros([2]) } })],
    [
      'a weight that is NaN',
      /got NaN at \[0,0,0,0\] of 'space/,
      ({ tensors }) => ({ tensors: { [`space/${weight}`]: filled(tensors[`space/${weight}`]!, NaN) } }),
    ],
    ['a weight too many', /got also 'more'/, () => ({ tensors: { 'space/more': tf.zeros([1]) } })],
    ['another tensor too many', /only tensors of a run, got 'more'/, () => ({ tensors: { more: tf.zeros([1]) } })],
    [
      'a slot that is missing',
      /'second\/encoder\/conv1.0.weight' is missing/,
      () => ({ tensors: { [`optimizer/second/${weight}`]: undefined } }),
    ],
    [
      'both slots missing',
      /'first\/encoder\/conv1.0.weight' is missing/,
      () => ({ tensors: { [`optimizer/first/${weight}`]: undefined, [`optimizer/second/${weight}`]: undefined } }),
    ],
    [
      'a slot of another shape',
      /'first\/encoder\/conv1.0.weight' is float32 \[3\]/,
      () => ({ tensors: { [`optimizer/first/${weight}`]: tf.zeros([3]) } }),
    ],
    [
      'an infinite slot',
      /got Infinity at/,
      ({ tensors }) => ({ tensors: { [`optimizer/first/${weight}`]: filled(tensors[`space/${weight}`]!, Infinity) } }),
    ],
    [
      'slots of a variable that there is not',
      /there is no variable 'more'/,
      () => ({ tensors: { 'optimizer/first/more': tf.zeros([1]), 'optimizer/second/more': tf.zeros([1]) } }),
    ],
    [
      'an optimizer at step −7',
      /an optimizer at step 4, got one at step -7/,
      () => ({ tensors: { 'optimizer/step': tf.scalar(-7, 'int32') } }),
    ],
    ['another step in its metadata', /an optimizer at step 3, got one at step 4/, () => ({ step: 3 })],
    ['sums without their count', /one without the other/, () => ({ tensors: { 'means/count': undefined } })],
    [
      'sums of other terms',
      /cannot be resumed: .*sums as float32 \[4\], as a version with other loss terms leaves them .*; or start in another folder/,
      () => ({ tensors: { 'means/sums': tf.zeros([4]) } }),
    ],
  ])('with %s is refused, and the space stays as it was', async (_, message, change) => {
    // prettier-ignore
    const before = tf.memory().numTensors;
    const space = spaceOf();
    const expected = valuesOf(space);
    const whole = (await readCheckpoint(await holding(bytes)))!;
    const { tensors = {}, ...rest } = change(whole);
    const storage = memoryCheckpoint('kept');
    const kept = Object.entries({ ...whole.tensors, ...tensors }).filter((entry): entry is [string, tf.Tensor] => entry[1] !== undefined);
    await writeCheckpoint(storage, { ...whole, ...rest, tensors: Object.fromEntries(kept) });
    tf.dispose([whole.tensors, Object.values(tensors).filter((tensor) => tensor !== undefined)]);
    const run = async () => {
      for await (const { step } of trainNetSpace(space, { ...options, checkpoint: { storage, resume: true } })) expect(step).toBe('none');
    };
    await expect(run()).rejects.toMatchObject({ code: 'CORRUPT_FILE', message });
    expect(valuesOf(space)).toEqual(expected);
    space.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is of its images and its architectures', async () => {
    await expect(resume(bytes, { task: { kind: 'classification', dataset: otherDataset } })).rejects.toThrow(/another 'data'/);
    await expect(resume(bytes, {}, spaceOf([architecture, another]))).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    expect(await resume(bytes, { steps: 5 })).toEqual([5]);
  });
});
