import '@tensorflow/tfjs';
import { NetSpace } from '@netspace/model';
import { type Architecture, disposeInstances, type Instance } from '@netspace/prep';
import { initialize, lenetLike, siren } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
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

/** `clampedSdfLoss` without a clamp, by hand. */
const distance = (instance: Instance, embedding: tf.Tensor2D, points: tf.Tensor): number =>
  tf.tidy(() => {
    const [predicted] = space.instantiateAs(embedding, [0]);
    const [a, b] = [predicted!, instance].map(({ parameters }) => sdf.apply(parameters, points).dataSync<'float32'>());
    return a!.reduce((sum, value, i) => sum + Math.abs(value - b![i]!), 0) / a!.length;
  });

describe('refineEmbedding', () => {
  it('finds a network that the space can decode, where the encoder had guessed another', async () => {
    const elsewhere = tf.randomNormal([1, 64], 0, 1, 'float32', 5) as tf.Tensor2D;
    const [wanted] = space.instantiateAs(elsewhere, [0]);
    const { embedding, before, after } = await refineEmbedding(space, wanted!, { steps: 60, batchSize: 64, learningRate: 0.1, clip: 10 });
    expect(embedding.shape).toEqual([1, 64]);
    expect(after).toBeLessThan(before / 3);
    disposeInstances([wanted!]);
    tf.dispose([elsewhere, embedding]);
  });

  it('steps against the gradient of the distance, as finite differences give it', async () => {
    const instance = target(4);
    const start = tf.randomNormal([1, 64], 0, 1, 'float32', 6) as tf.Tensor2D;
    const points = tf.randomUniform([200, 3], -0.5, 0.5, 'float32', 7);
    const rate = 1e-3;
    const distanceAt = (embedding: tf.Tensor2D): number => distance(instance, embedding, points);
    const options = { inputs: () => tf.clone(points), steps: 1, learningRate: rate, start, clip: 1e3 };
    const { embedding, before, after } = await refineEmbedding(space, instance, options);
    expect(before).toBeCloseTo(distanceAt(start), 5);
    expect(after).toBeCloseTo(distanceAt(embedding), 5);
    const moves = tf.sub(embedding, start).dataSync<'float32'>();
    const slopes = Array.from(moves, (_, i) => {
      const along = tf.oneHot(tf.tensor1d([i], 'int32'), 64, 0.05, 0) as tf.Tensor2D;
      return (distanceAt(tf.add(start, along)) - distanceAt(tf.sub(start, along))) / 0.1;
    });
    const steepest = Math.max(...slopes.map(Math.abs));
    const clear = slopes.map((slope, i) => ({ slope, move: moves[i]! })).filter(({ slope }) => Math.abs(slope) > 0.2 * steepest); // far from kinks
    expect(clear.length).toBeGreaterThan(10);
    for (const { slope, move } of clear) expect(move / rate).toBeCloseTo(-Math.sign(slope), 3); // Adam's first step
    tf.dispose([start, points, embedding]);
    disposeInstances([instance]);
  });

  it('compares most points near the surface of the target, and the others everywhere', async () => {
    const seen: tf.Tensor[] = [];
    const { architecture, parameters } = target(3);
    const apply: Architecture['apply'] = (weights, x) => {
      if (x.shape[0] === 500) seen.push(tf.keep(tf.clone(x)));
      return architecture.apply(weights, x);
    };
    const watched = { architecture: { ...architecture, apply }, parameters };
    const { embedding } = await refineEmbedding(space, watched, { steps: 2, batchSize: 500, nearSurface: 0.4 });
    const everywhere = tf.randomUniform([4000, 3], -0.6, 0.6, 'float32', 1);
    const distances = (points: tf.Tensor) => tf.tidy(() => [...tf.abs(architecture.apply(parameters, points)).dataSync()]);
    const close = distances(everywhere).sort((a, b) => a - b)[Math.floor(4000 / 10)]!;
    expect(seen.length).toBeGreaterThanOrEqual(2);
    for (const points of seen) {
      const nearShare = distances(points).filter((distance) => distance <= close).length / 500;
      expect(nearShare).toBeGreaterThan(0.35); // 0.4, and a tenth of the others
      expect(nearShare).toBeLessThan(0.55);
    }
    expect(new Set(seen.map((points) => String(points.dataSync()))).size).toBeGreaterThan(2); // before and after, and each step
    tf.dispose([...seen, everywhere, embedding, parameters as tf.Tensor[]]);
  });

  it('never ends farther from the target than it starts, on the points that both are measured on', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1e6 }), fc.double({ min: 1e-3, max: 30, noNaN: true }), async (seed, learningRate) => {
        const instance = target(seed);
        const points = tf.randomUniform([40, 3], -0.5, 0.5, 'float32', seed);
        const inputs = (step: number) => (step < 0 ? tf.clone(points) : tf.randomUniform([20, 3], -0.5, 0.5, 'float32', seed + step));
        const start = space.encode([instance]);
        const { embedding, before, after } = await refineEmbedding(space, instance, { inputs, steps: 3, learningRate, clip: 1e3 });
        expect(after).toBeLessThanOrEqual(before);
        expect([before, after]).toEqual([start, embedding].map((at) => expect.closeTo(distance(instance, at, points), 5) as number));
        tf.dispose([points, start, embedding]);
        disposeInstances([instance]);
      }),
      { numRuns: 15 },
    );
  });

  it('is the same for the same seed, leaks nothing, and leaves the space as it is', async () => {
    const instance = target(1);
    const weights = await Promise.all(Object.values(space.variables).map((variable) => variable.data()));
    const tensors = tf.memory().numTensors;
    const runs: number[][] = [];
    for (const seed of [1, 1, 2]) {
      const { embedding } = await refineEmbedding(space, instance, { steps: 3, batchSize: 64, learningRate: 0.02, seed });
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
    await expect(refineEmbedding(classifiers, instance)).rejects.toThrow(/expected inputs for lenet-like.*give a data set/);
    await expect(refineEmbedding(space, instance)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const sick = { architecture: sdf, parameters: initialize(sdf.parameters, { seed: 1 }).map((one) => tf.mul(one, NaN)) };
    await expect(refineEmbedding(space, sick)).rejects.toThrow(/finite/);
    await expect(refineEmbedding(space, target(1), { start: tf.zeros([2, 64]) })).rejects.toThrow(/one embedding/);
    classifiers.dispose();
  });
});
