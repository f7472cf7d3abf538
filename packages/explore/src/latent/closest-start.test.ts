import '@tensorflow/tfjs';
import type { NetSpace } from '@netspace/model';
import { type Architecture, disposeInstances } from '@netspace/prep';
import { initialize, siren } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { randomInstance, tinyClassifier, tinyDataset, tinySpace } from '../testing/spaces.js';
import { refineEmbedding } from './refine-embedding.js';

const sdf = siren({ hidden: 6, layers: 0, omega: 1 });
let shapes: NetSpace;
let classifiers: NetSpace;
const [small, large] = [tinyClassifier(), tinyClassifier({ hidden: 5 })].map((one) => ({ ...one, purpose: 'classifier' as const })) as [Architecture, Architecture]; // prettier-ignore

beforeAll(async () => {
  await tf.setBackend('cpu');
  const starts = [{ architecture: sdf, parameters: initialize(sdf.parameters, { seed: 9 }) }, randomInstance(large, 1)] as const;
  shapes = tinySpace([sdf], starts[0], 3);
  classifiers = tinySpace([small, large], starts[1]);
  disposeInstances(starts);
});
afterAll(() => {
  shapes.dispose();
  classifiers.dispose();
});

/** Embeddings of networks that a space knows, more than are decoded at once. */
const embeddings = (count = 19) => tf.randomNormal([count, 64], 0, 1, 'float32', 5) as tf.Tensor2D;
const SMALL_STEP = { steps: 1, learningRate: 1e-6 } as const;

describe('refineEmbedding with known', () => {
  it.each([0, 7, 18])('starts at known embedding %i, whose network is the target', async (place) => {
    const known = embeddings();
    const wanted = tf.slice(known, place, 1);
    const [instance] = shapes.instantiateAs(wanted, [0]);
    const { embedding, before } = await refineEmbedding(shapes, instance!, { ...SMALL_STEP, known, batchSize: 64 });
    expect(before).toBeCloseTo(0, 5);
    expect(tf.max(tf.abs(tf.sub(embedding, wanted))).dataSync()[0]).toBeLessThan(1e-5);
    disposeInstances([instance!]);
    tf.dispose([known, wanted, embedding]);
  });

  it('takes that of the least distance, as refinements of no length measure it', async () => {
    const known = embeddings(6);
    const target = { architecture: sdf, parameters: initialize(sdf.parameters, { seed: 4 }) };
    const points = tf.randomUniform([50, 3], -0.5, 0.5, 'float32', 7);
    const options = { ...SMALL_STEP, inputs: () => tf.clone(points), clip: 10 };
    const each: number[] = [(await refineEmbedding(shapes, target, options)).before];
    for (const start of tf.unstack(known)) each.push((await refineEmbedding(shapes, target, { ...options, start })).before);
    const { before } = await refineEmbedding(shapes, target, { ...options, known });
    expect(before).toBeCloseTo(Math.min(...each), 5);
    expect(Math.max(...each)).toBeGreaterThan(1.1 * Math.min(...each));
  });

  it('starts at the encoding, or what was given as the start, where that is closer', async () => {
    const known = embeddings(3);
    const start = tf.randomNormal([1, 64], 0, 1, 'float32', 6) as tf.Tensor2D;
    const [instance] = shapes.instantiateAs(start, [0]);
    const { embedding, before } = await refineEmbedding(shapes, instance!, { ...SMALL_STEP, start, known, batchSize: 64 });
    expect(before).toBeCloseTo(0, 5);
    expect(tf.max(tf.abs(tf.sub(embedding, start))).dataSync()[0]).toBeLessThan(1e-5);
    disposeInstances([instance!]);
    tf.dispose([known, start, embedding]);
  });

  it('compares classifiers by what they say of images, as networks of the target’s architecture', async () => {
    const known = embeddings();
    const wanted = tf.slice(known, 11, 1);
    const [instance] = classifiers.instantiateAs(wanted, [1]);
    const { embedding } = await refineEmbedding(classifiers, instance!, { ...SMALL_STEP, known, inputs: tinyDataset() });
    expect(tf.max(tf.abs(tf.sub(embedding, wanted))).dataSync()[0]).toBeLessThan(1e-5);
    disposeInstances([instance!]);
    tf.dispose([known, wanted, embedding]);
  });

  it('leaks nothing, and leaves the known embeddings to the caller', async () => {
    const known = embeddings();
    const target = { architecture: sdf, parameters: initialize(sdf.parameters, { seed: 2 }) };
    const tensors = tf.memory().numTensors;
    const { embedding } = await refineEmbedding(shapes, target, { steps: 2, batchSize: 32, known });
    embedding.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
    expect(known.isDisposed).toBe(false);
    known.dispose();
    disposeInstances([target]);
  });

  it('leaves inputs that were kept to the caller, and stops at its signal', async () => {
    const known = embeddings();
    const target = { architecture: sdf, parameters: initialize(sdf.parameters, { seed: 2 }) };
    const points = tf.randomUniform([50, 3], -0.5, 0.5, 'float32', 7);
    const inputs = () => points;
    const { embedding } = await refineEmbedding(shapes, target, { ...SMALL_STEP, inputs, known });
    expect(points.isDisposed).toBe(false);
    const tensors = tf.memory().numTensors;
    const stopped = refineEmbedding(shapes, target, { ...SMALL_STEP, inputs, known, signal: AbortSignal.abort() });
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
    expect(tf.memory().numTensors).toBe(tensors);
    tf.dispose([known, points, embedding]);
    disposeInstances([target]);
  });

  it('compares points of the whole cube, not those near the surface alone', async () => {
    const known = embeddings(3);
    const target = { architecture: sdf, parameters: initialize(sdf.parameters, { seed: 2 }) };
    const points: tf.Tensor[] = [];
    const apply: Architecture['apply'] = (weights, x) => {
      if (x.shape[0] === 1024) points.push(tf.keep(tf.clone(x)));
      return sdf.apply(weights, x);
    };
    const watched = { architecture: { ...sdf, apply }, parameters: target.parameters };
    const { embedding } = await refineEmbedding(shapes, watched, { ...SMALL_STEP, known, batchSize: 4096 });
    const distances = tf.tidy(() => [...tf.abs(sdf.apply(target.parameters, points[0]!)).dataSync()].sort((a, b) => a - b));
    const everywhere = tf.tidy(() => [...tf.abs(sdf.apply(target.parameters, tf.randomUniform([4000, 3], -0.6, 0.6))).dataSync()]);
    const median = everywhere.sort((a, b) => a - b)[2000]!;
    expect(distances.filter((distance) => distance > median).length / 1024).toBeGreaterThan(0.15); // 0.2: half of the even points
    tf.dispose([known, embedding, ...points]);
    disposeInstances([target]);
  });

  it.each([[[64]], [[0, 64]], [[2, 32]], [[1, 2, 64]]])('refuses known of shape [%s]', async (shape) => {
    const target = { architecture: sdf, parameters: initialize(sdf.parameters, { seed: 2 }) };
    await expect(refineEmbedding(shapes, target, { known: tf.zeros(shape) })).rejects.toMatchObject({
      code: 'SHAPE_MISMATCH',
      message: expect.stringContaining(`[K, 64], got known of shape [${shape}]`) as string,
    });
  });
});
