import { boxMesh, sphereMesh } from '@netspace/shapes';
import { describeOnRuntimes } from '@netspace/testing';
import { architectureByName, createImageDataset, memoryFiles, openInstanceStore } from '@netspace/zoo';
import { parameterCount } from '@netspace/prep';
import { parseOptions } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { buildShapeZoo } from './build-shape-zoo.js';
import { buildZoo, imageZooPlan } from './build-zoo.js';
import { defaultAtOnce, partsOf } from './at-once.js';
import { type ZooRecipe, zooRecipeOptions } from './zoo-recipe.js';
const dataset = createImageDataset({
  ...{ name: 'noise', shape: [13, 13, 1], classes: 3, mean: [0.5], std: [0.25] },
  images: Uint8Array.from({ length: 12 * 169 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24),
  labels: Uint8Array.from({ length: 12 }, (_, i) => i % 3),
});
const data = { train: dataset, test: dataset };
const name = 'lenet-like-1x13x13-3-w0.1';
const group = { architecture: name, unit: 'steps', batchSize: 4 } as const;
const sgd = (learningRate: number) => ({ kind: 'sgd', learningRate }) as const;
const titlesOf = (recipe: ZooRecipe) =>
  imageZooPlan(parseOptions('recipe', zooRecipeOptions, recipe), { ...data, find: architectureByName }).jobs.map(({ title }) => title);

describe('networks of a job', () => {
  it('are those that follow each other and differ in seed, rate, decay and length alone', () => {
    const groups: ZooRecipe['groups'] = [
      { ...group, seeds: 2, lengths: [1], optimizer: sgd(0.1) },
      { ...group, seeds: 3, lengths: [2, 3], optimizer: { ...sgd(0.2), weightDecay: 0.1 }, prefix: 'b-' },
      { ...group, seeds: 2, lengths: [1], optimizer: sgd(0.1), batchSize: 3, prefix: 'c-' },
      { ...group, lengths: [1], optimizer: { kind: 'adam', learningRate: 0.1 }, batchSize: 3, prefix: 'd-' },
    ];
    expect(titlesOf({ atOnce: 4, groups })).toEqual([
      `${name} of seed 0 and 3 more`,
      `b-${name} of seed 2`,
      `c-${name} of seed 0 and 1 more`,
      `d-${name} of seed 0`,
    ]);
    expect(titlesOf({ atOnce: 1, groups })).toHaveLength(8);
  });
  it('are a quarter of many small networks, and one of any other architecture, unless the recipe says it', () => {
    expect([1, 7, 8, 31, 63, 1000].map(defaultAtOnce)).toEqual([1, 1, 2, 7, 15, 16]);
    expect(titlesOf({ groups: [{ ...group, seeds: 16, lengths: [1] }] })).toHaveLength(4);
    const resnet = { ...group, architecture: 'resnet8-1x13x13-3-w0.1', seeds: 16, lengths: [1] };
    expect(titlesOf({ groups: [resnet] })).toHaveLength(16);
    expect(titlesOf({ atOnce: 8, groups: [resnet] })).toHaveLength(2);
    expect(partsOf([1, 2, 3], 2)).toEqual([[1, 2], [3]]);
    for (const atOnce of [0, 1.5, 65])
      expect(() => titlesOf({ atOnce, groups: [resnet] })).toThrow(/expected atOnce to be an integer from 1 to 64/);
  });
});

describeOnRuntimes(
  'zoos of networks at once',
  () => {
    it('are as many as fit into the memory that the recipe names, never more than a quarter of them', () => {
      const resnet = { ...group, architecture: 'resnet8-1x13x13-3-w0.5', batchSize: 12, lengths: [1] };
      const jobsOf = (memory: number, seeds: number) =>
        imageZooPlan(parseOptions('recipe', zooRecipeOptions, { atOnce: { memory }, groups: [{ ...resnet, seeds }] }), { ...data, find: architectureByName }).jobs; // prettier-ignore
      // Inputs, nine convolutions of 8, 16 and 32 channels on 13², 7² and 4² pixels, and logits; parameters of 8 copies.
      const activations = 169 + 3 * 8 * 169 + 3 * 16 * 49 + 3 * 32 * 16 + 3;
      const parameters = parameterCount(architectureByName(resnet.architecture).parameters);
      const each = 4 * (12 * 12 * activations + 8 * parameters);
      const fixed = 544 * 2 ** 20 + 2 * (12 * 169 + 12);
      const gibibytes = (networks: number) => (fixed + networks * each) / 2 ** 30;
      for (const networks of [1, 5, 20]) {
        const jobs = jobsOf(gibibytes(networks), 80);
        expect(jobs).toHaveLength(80 / networks);
        expect(jobs[0]!.memory()).toBe(fixed + networks * each);
      }
      expect(jobsOf(gibibytes(20) - 1e-6, 80)[0]!.names).toHaveLength(19);
      expect(jobsOf(1000, 80)).toHaveLength(4);
      expect(jobsOf(1000, 640)[0]!.names).toHaveLength(64);
      expect(jobsOf(0.1, 80)).toHaveLength(80);
      expect(() => jobsOf(0, 8)).toThrow(/expected atOnce.memory to be a positive number/);
    });

    it('hold what zoos of single ones hold, to rounding; go on where they were interrupted; lose no network to one that diverges', async () => {
      const before = tf.memory().numTensors;
      const recipe = (atOnce: number): ZooRecipe => ({
        atOnce,
        groups: [
          { ...group, seeds: 2, lengths: [1, 3], optimizer: sgd(0.1) },
          { ...group, seeds: [7], lengths: [2], optimizer: sgd(1e30), prefix: 'wild-' },
          { ...group, seeds: [5], lengths: [3], optimizer: { ...sgd(0.05), weightDecay: 0.1 }, prefix: 'other-' },
        ],
      });
      const built = async (atOnce: number, store = openInstanceStore(memoryFiles())) => {
        const run = async () => {
          for await (const _ of buildZoo(recipe(atOnce), { store, ...data }));
        };
        const error: unknown = await run().catch((caught: unknown) => caught);
        return { store, error };
      };
      const [single, many] = [await built(1), await built(4)];
      for (const { error } of [single, many]) {
        expect(error).toMatchObject({
          code: 'DIVERGED',
          message: expect.stringMatching(/buildZoo: 1 training run diverged .*seed 7/) as string,
        });
      }
      const [alone, together] = [await single.store.list(), await many.store.list()];
      expect(together.map((record) => record.name).sort()).toEqual(alone.map((record) => record.name).sort());
      expect(together).toHaveLength(5);
      for (const record of alone) {
        const own = together.find((one) => one.name === record.name)!;
        expect(own).toMatchObject({ seed: record.seed, epochs: record.epochs });
        expect(own.metrics['trainLoss']).toBeCloseTo(record.metrics['trainLoss']!, 4);
      }
      const stopped = openInstanceStore(memoryFiles());
      const controller = new AbortController();
      const first = async () => {
        for await (const { done } of buildZoo(recipe(4), { store: stopped, ...data, signal: controller.signal }))
          if (done === 1) controller.abort();
      };
      await expect(first()).rejects.toMatchObject({ code: 'ABORTED', message: /with 1 of 6 instances/ });
      await built(4, stopped);
      const hashes = async (store: typeof stopped) => new Map((await store.list()).map((one) => [one.name, one.sha256]));
      expect(await hashes(stopped)).toEqual(await hashes(many.store));
      expect(tf.memory().numTensors).toBe(before);
    });

    it('of shapes too', async () => {
      const recipe = { kind: 'shapes', architecture: 'siren-3-4x0-1', samples: 50, steps: 3, batchSize: 10, learningRate: 1e-3 } as const;
      const meshes = [
        { name: 'ball', mesh: sphereMesh({ radius: 0.3 }) },
        { name: 'box', mesh: boxMesh() },
        { name: 'slab', mesh: boxMesh({ size: [0.8, 0.2, 0.4] }) },
      ];
      const built = async (atOnce: number) => {
        const store = openInstanceStore(memoryFiles());
        for await (const _ of buildShapeZoo({ ...recipe, atOnce }, { store, meshes }));
        return store.list();
      };
      const [alone, together] = [await built(1), await built(2)];
      expect(together.map((one) => [one.name, one.epochs, one.seed])).toEqual(alone.map((one) => [one.name, one.epochs, one.seed]));
      together.forEach((one, i) => expect(one.metrics['mse']! / alone[i]!.metrics['mse']!).toBeCloseTo(1, 4));
    });
  },
  { runtimes: ['wasm'] },
);
