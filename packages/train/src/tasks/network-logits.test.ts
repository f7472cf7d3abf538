import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { NetSpace } from '@netspace/model';
import { disposeInstances, requiredPRepShape, type Instance } from '@netspace/prep';
import { checkpointFile } from '@netspace/node';
import { describeOnRuntimes } from '@netspace/testing';
import { createImageDataset, imageBatch, initialize, lenetLike, resnet8, vanillaCnn } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { MAX_CACHED_LOGITS, networkLogits, type CacheTargets } from './network-logits.js';
import { runInstances } from './run-networks.js';
import { trainNetSpace } from '../train-net-space.js';
import type { TrainNetSpaceOptions } from '../train-net-space-options.js';

const task = { channels: 1, size: 13, classes: 3, width: 0.2 };
const architectures = [lenetLike({ ...task, width: 0.1 }), resnet8({ ...task, width: 0.1 }), vanillaCnn({ ...task, width: 0.1 })];
const dataset = createImageDataset({
  ...{ name: 'noise', shape: [13, 13, 1], classes: 3, mean: [0.5], std: [0.25] },
  images: Uint8Array.from({ length: 11 * 169 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24),
  labels: Uint8Array.from({ length: 11 }, (_, i) => i % 3),
});

describeOnRuntimes('networkLogits', () => {
  let instances: Instance[];
  let runs: number;
  beforeEach(() => {
    runs = 0;
    instances = architectures.map((architecture, seed) => ({
      architecture: { ...architecture, apply: (parameters, x) => (runs++, architecture.apply(parameters, x)) },
      parameters: initialize(architecture.parameters, { seed }),
    }));
  });
  afterEach(() => disposeInstances(instances));

  it('gives the bits that running the networks gives, and runs each on each image once', () => {
    const tensors = tf.memory().numTensors;
    const logits = networkLogits({ instances, dataset, width: 3, inputs: 4, asked: 66 });
    for (const [networks, indices] of [
      [
        [2, 0],
        [10, 3, 0, 7],
      ],
      [
        [0, 2],
        [1, 10, 9, 8],
      ],
      [[2], [5, 4, 3, 2]],
    ] as const)
      // prettier-ignore
      tf.tidy(() => {
        const batch = { indices, images: imageBatch(dataset, indices).images };
        const got = logits.of(networks, batch).map((values) => [...values.dataSync()]);
        const before = runs;
        const expected = runInstances(networks.map((i) => instances[i]!), batch.images); // prettier-ignore
        runs = before;
        expect(got).toEqual(expected.map((values) => [...values.dataSync()]));
      });
    expect(runs).toBe(2 * 3); // two networks, three batches of four for eleven images
    logits.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('runs networks ahead, and stops between two batches of inputs', async () => {
    const tensors = tf.memory().numTensors;
    const logits = networkLogits({ instances, dataset, width: 3, inputs: 4, asked: 66 });
    const told: number[] = [];
    await logits.ahead([2, 0], (done) => Promise.resolve(void told.push(done)));
    expect([runs, told]).toEqual([2 * 3, [0, 0, 0, 0, 1, 1, 1, 1, 2]]);
    const stop = logits.ahead([0, 1], () => (runs === 7 ? Promise.reject(new Error('stop')) : Promise.resolve()));
    await expect(stop).rejects.toThrow('stop');
    const images = tf.zeros([1, 13, 13, 1]); // not looked at
    tf.dispose(tf.tidy(() => logits.of([0, 2], { indices: [5], images })));
    expect(runs).toBe(7); // one batch of the network that was stopped, none of those that are known
    tf.dispose(images);
    logits.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('runs networks each time if told so', () => {
    const indices = [1, 2];
    const logits = networkLogits({ instances, dataset, width: 3, inputs: 2, asked: 66, cache: false });
    tf.tidy(() => [0, 1].map(() => logits.of([0, 1], { indices, images: imageBatch(dataset, indices).images })));
    expect(runs).toBe(4);
    logits.dispose();
  });
});

describe('networkLogits', () => {
  it('by itself remembers as many logits as its limit, and no more, if the run is long enough', async () => {
    await tf.setBackend('cpu');
    const classes = 1024;
    for (const [extra, times, expected] of [
      [0, 2, 1],
      [1, 2, 2],
      [0, 1.9, 2],
    ] as const) {
      let runs = 0;
      const count = MAX_CACHED_LOGITS / classes + extra;
      const pixels = createImageDataset({
        ...{
          name: 'pixels',
          shape: [1, 1, 1],
          classes,
          mean: [0],
          std: [1],
          images: new Uint8Array(count),
          labels: new Uint16Array(count),
        },
      });
      const apply = (_: readonly tf.Tensor[], x: tf.Tensor): tf.Tensor => (runs++, tf.zeros([x.shape[0]!, classes]));
      const instance = { architecture: { name: 'zeros', parameters: [], apply }, parameters: [] };
      const logits = networkLogits({ instances: [instance], dataset: pixels, width: pixels.classes, inputs: count, asked: times * count });
      for (const _ of [0, 1]) tf.tidy(() => logits.of([0], { indices: [0], images: tf.zeros([1, 1, 1, 1]) }));
      expect(runs).toBe(expected);
      logits.dispose();
    }
  });
});

describeOnRuntimes(
  'trainNetSpace',
  () => {
    const sizes = { embeddingSize: 16, grid: 4, encoderWidth: 2, decoderChannels: 4, decoderWidth: 16, decoderHidden: 4 };
    /** Losses of every step and the weights in the end. */
    async function train(family: typeof architectures, teacher: 'targets' | 'one', cacheTargets: CacheTargets, parts = 1) {
      const tensors = tf.memory().numTensors;
      const instances = Array.from({ length: 4 }, (_, i): Instance => {
        const architecture = family[i % family.length]!;
        return { architecture, parameters: initialize(architecture.parameters, { seed: i }) };
      });
      const folder = await mkdtemp(join(tmpdir(), 'netspace-logits-'));
      const losses = [];
      let weights: number[][] = [];
      for (let part = 1; part <= parts; part++) {
        const space = new NetSpace({ architectures: family, prepShape: requiredPRepShape(family, { width: 64 }), ...sizes, seed: 1 });
        const options: TrainNetSpaceOptions = {
          ...{ instances, steps: (6 * part) / parts, batch: { nets: 3, inputs: 4 }, learningRate: 3e-3, readEvery: 1 },
          task: { kind: 'classification', dataset, cacheTargets, ...(teacher === 'one' && { teacher: instances[0]! }) },
          checkpoint: { storage: checkpointFile(join(folder, 'run')), resume: true },
        };
        for await (const step of trainNetSpace(space, options)) losses.push(step.losses);
        weights = Object.values(space.variables).map((variable) => [...variable.dataSync()]);
        space.dispose();
      }
      disposeInstances(instances);
      await rm(folder, { recursive: true });
      expect(tf.memory().numTensors).toBe(tensors);
      return { losses, weights };
    }

    it.each([
      ['one architecture', architectures.slice(0, 1), 'targets'],
      ['targets of several', architectures, 'targets'],
      ['a teacher', architectures, 'one'],
    ] as const)('goes through the same bits with and without remembered logits, resumed or not: %s', async (_, family, teacher) => {
      const expected = await train([...family], teacher, false);
      expect(await train([...family], teacher, true)).toEqual(expected);
      expect(await train([...family], teacher, true, 2)).toEqual(expected);
    });
  },
  { runtimes: ['wasm'] },
);
