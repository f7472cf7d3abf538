import '@tensorflow/tfjs';
import { NetSpace } from '@netspace/model';
import { type Architecture, disposeInstances } from '@netspace/prep';
import { initialize, lenetLike, siren } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { randomInstance, tinyClassifier, tinyDataset, tinySpace } from '../testing/spaces.js';
import { refineEmbedding } from './refine-embedding.js';

const sdf = siren({ hidden: 6, layers: 0, omega: 1 }); // smooth in its weights
let space: NetSpace;

beforeAll(async () => {
  await tf.setBackend('cpu');
  const start = { architecture: sdf, parameters: initialize(sdf.parameters, { seed: 9 }) };
  space = tinySpace([sdf], start, 3);
  disposeInstances([start]);
});
afterAll(() => space.dispose());

const target = (seed: number) => ({ architecture: sdf, parameters: initialize(sdf.parameters, { seed }) });

describe('refineEmbedding', () => {
  it('finds a network that the space can decode, where the encoder had guessed another', async () => {
    const elsewhere = tf.randomNormal([1, 64], 0, 1, 'float32', 5) as tf.Tensor2D;
    const [wanted] = space.instantiateAs(elsewhere, [0]);
    const { embedding, before, after } = await refineEmbedding(space, wanted!, { steps: 60, batchSize: 64, learningRate: 0.1, clip: 10 });
    expect(embedding.shape).toEqual([1, 64]);
    expect(after).toBeLessThan(before / 10);
    disposeInstances([wanted!]);
    tf.dispose([elsewhere, embedding]);
  });

  it('is the same for the same seed, leaks nothing, and leaves the space as it is', async () => {
    const instance = target(1);
    const weights = await Promise.all(Object.values(space.variables).map((variable) => variable.data()));
    const tensors = tf.memory().numTensors;
    const runs: number[][] = [];
    for (const seed of [1, 1, 2]) {
      const { embedding } = await refineEmbedding(space, instance, { steps: 3, batchSize: 16, seed });
      runs.push([...(await embedding.data())]);
      embedding.dispose();
    }
    expect(tf.memory().numTensors).toBe(tensors);
    expect(runs[0]).toEqual(runs[1]);
    expect(runs[0]).not.toEqual(runs[2]);
    expect(await Promise.all(Object.values(space.variables).map((variable) => variable.data()))).toEqual(weights);
    disposeInstances([instance]);
  });

  it('keeps the start where no step leads to less', async () => {
    const instance = target(2);
    const start = space.encode([instance]);
    const { embedding, before, after } = await refineEmbedding(space, instance, { steps: 1, batchSize: 16, learningRate: 1e4, start });
    expect([after, [...(await embedding.data())]]).toEqual([before, [...(await start.data())]]);
    tf.dispose([start, embedding]);
    disposeInstances([instance]);
  });

  it('brings classifiers nearer to what their target says, of the target’s architecture', async () => {
    const [small, large] = [tinyClassifier(), tinyClassifier({ hidden: 5 })].map((one) => ({ ...one, purpose: 'classifier' as const })) as [Architecture, Architecture]; // prettier-ignore
    const start = randomInstance(large, 1);
    const classifiers = tinySpace([small, large], start);
    const wanted = randomInstance(large, 2);
    const seen: number[] = [];
    const { embedding, before, after } = await refineEmbedding(classifiers, wanted, {
      ...{ inputs: tinyDataset(), steps: 60, learningRate: 0.05, batchSize: 64 },
      onStep: ({ step }) => seen.push(step),
    });
    expect(after).toBeLessThan(0.7 * before);
    expect(seen).toEqual(Array.from({ length: 61 }, (_, i) => i));
    const [found] = await classifiers.instantiate(embedding);
    expect(found!.architecture.name).toBe(large.name);
    disposeInstances([start, wanted, found!]);
    embedding.dispose();
    classifiers.dispose();
  });

  it('refuses what it cannot compare, and what is no number', async () => {
    const lenet = lenetLike({ width: 0.1 });
    const classifiers = new NetSpace({ architectures: [lenet], prepShape: [8, 128], preset: 'tiny' });
    const instance = { architecture: lenet, parameters: initialize(lenet.parameters, { seed: 1 }) };
    await expect(refineEmbedding(classifiers, instance)).rejects.toThrow(/expected inputs for lenet-like.*give an image data set/);
    await expect(refineEmbedding(space, instance)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const sick = { architecture: sdf, parameters: initialize(sdf.parameters, { seed: 1 }).map((one) => tf.mul(one, NaN)) };
    await expect(refineEmbedding(space, sick)).rejects.toThrow(/finite/);
    await expect(refineEmbedding(space, target(1), { start: tf.zeros([2, 64]) })).rejects.toThrow(/one embedding/);
    classifiers.dispose();
  });
});
