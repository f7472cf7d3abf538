import { divergenceOf } from '@netspace/prep';
import { boxMesh } from '@netspace/shapes';
import { describeOnRuntimes } from '@netspace/testing';
import { createImageDataset, memoryFiles, openInstanceStore } from '@netspace/zoo';
import { sgd } from '@netspace/model';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { buildShapeZoo } from './build-shape-zoo.js';
import { buildZoo } from './build-zoo.js';
import { fit } from '../instances/fit.js';
import { fitSdf } from '../instances/fit-sdf.js';
import type { ZooRecipe } from './zoo-recipe.js';

const dataset = createImageDataset({
  ...{ name: 'noise', shape: [13, 13, 1], classes: 3, mean: [0.5], std: [0.25] },
  images: Uint8Array.from({ length: 12 * 169 }, (_, i) => Math.imul(i, 0x9e3779b1) >>> 24),
  labels: Uint8Array.from({ length: 12 }, (_, i) => i % 3),
});
const group = { unit: 'steps', batchSize: 4, lengths: [3, 6] } as const;
const names = { first: 'lenet-like-1x13x13-3-w0.1', second: 'vanilla-cnn-1x13x13-3-w0.1' };
const caught = (run: () => Promise<unknown>): Promise<unknown> =>
  run().then(
    () => undefined,
    (error: unknown) => error,
  );

describeOnRuntimes('a fit that diverges', () => {
  it('ends by step 50 with step and term, and frees what it has made', async () => {
    const before = tf.memory().numTensors;
    // x ← x − 4 x: three times as far from 0 each step; x² leaves float32 after 41 steps, as 9^41 > 3.4e38.
    const loss = ([x]: readonly tf.Variable[]) => tf.square(x!) as tf.Scalar;
    const start = [tf.scalar(1)];
    const run = async () => {
      for await (const _ of fit({ name: 'fit', start, loss, optimizer: sgd({ learningRate: 2 }), stops: [1000] }));
    };
    const error = await caught(run);
    expect(error).toMatchObject({ code: 'DIVERGED', message: expect.stringMatching(/^fit: expected finite losses and weights, got the loss term loss/) as string }); // prettier-ignore
    expect(divergenceOf(error)).toEqual({ after: 0, step: 50, term: 'the loss term loss' });
    tf.dispose(start);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('lets the other groups of a zoo be built, says which it was, and is tried again by the next build', async () => {
    const before = tf.memory().numTensors;
    const store = openInstanceStore(memoryFiles());
    const recipe = (learningRate: number): ZooRecipe => ({
      groups: [
        { ...group, architecture: names.first, seeds: 2, optimizer: { kind: 'sgd', learningRate } },
        { ...group, architecture: names.second },
      ],
    });
    const build = async (rate: number) => {
      const added: string[] = [];
      const error = await caught(async () => {
        for await (const { record } of buildZoo(recipe(rate), { store, train: dataset, test: dataset })) added.push(record.name);
      });
      return { added, error };
    };
    const first = await build(1e30);
    expect(first.added).toEqual([`${names.second}-s0-n3`, `${names.second}-s0-n6`]);
    expect(first.error).toMatchObject({ code: 'DIVERGED' });
    expect((first.error as Error).message).toMatch(/2 training runs diverged .*lenet-like-1x13x13-3-w0.1 of seed 0 .*of seed 1/);
    expect(divergenceOf(first.error)?.step).toBe(3);
    const second = await build(1e30);
    expect(second).toMatchObject({ added: [], error: { code: 'DIVERGED' } });
    const third = await build(0.01);
    expect(third.error).toBeUndefined();
    expect(third.added).toHaveLength(4);
    expect(await store.verify()).toEqual([]);
    // What it gave before stays.
    const short: ZooRecipe = { groups: [{ ...group, lengths: [1, 6], architecture: names.first, prefix: 'b-', optimizer: { kind: 'sgd', learningRate: 1e20 } }] }; // prettier-ignore
    const kept: string[] = [];
    const late = await caught(async () => {
      for await (const { record } of buildZoo(short, { store, train: dataset, test: dataset })) kept.push(record.name);
    });
    expect(kept).toEqual([`b-${names.first}-s0-n1`]);
    expect((late as Error).message).toMatch(/1 training run diverged and gave no network from then on; all others are in the store/);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves out a shape in the same way', async () => {
    const store = openInstanceStore(memoryFiles());
    const mesh = boxMesh({ size: [0.4, 0.3, 0.2] });
    const recipe = { kind: 'shapes', architecture: 'siren-3-4x0-1', samples: 50, steps: 3, batchSize: 10, learningRate: 1e37 } as const;
    const error = await caught(async () => {
      for await (const _ of buildShapeZoo(recipe, { store, meshes: ['a', 'b'].map((name) => ({ name, mesh })) }));
    });
    expect(error).toMatchObject({ code: 'DIVERGED', message: expect.stringMatching(/2 training runs diverged .*a \(.*b \(/) as string });
    expect(await store.list()).toEqual([]);
  });

  it('is not begun with distances that are none', async () => {
    const samples = { points: new Float32Array(6), distances: Float32Array.of(0, NaN) };
    await expect(fitSdf({ samples, steps: 1 })).rejects.toThrow(/fitSdf: expected finite samples, got NaN among the distances of sample 1/);
    const points = Float32Array.of(0, 0, 0, 0, Infinity, 0);
    await expect(fitSdf({ samples: { points, distances: new Float32Array(2) }, steps: 1 })).rejects.toThrow(
      /got Infinity among the points of sample 1/,
    );
  });
});
