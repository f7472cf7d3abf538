import '@tensorflow/tfjs';
import { NetSpace } from '@netspace/model';
import { disposeInstances, type Instance } from '@netspace/prep';
import { accuracy, initialize, siren, subsetDataset } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { refineEmbedding } from '../latent/refine-embedding.js';
import { randomInstance, tinyClassifier, tinyDataset, tinySpace } from '../testing/spaces.js';
import { walk } from '../walk/walk.js';
import { walkAccuracies } from '../walk/walk-accuracies.js';
import { agreement } from './measures/agreement.js';
import { evaluateSpace, type SpaceEntry } from './evaluate-space.js';
import { refinedReconstruction } from './refined-reconstruction.js';
import { spaceAccuracy } from './accuracy/space-accuracy.js';
import { summarize } from './summarize.js';

const [small, large] = [tinyClassifier(), tinyClassifier({ hidden: 5 })].map((one) => ({ ...one, purpose: 'classifier' as const }));
const all = tinyDataset(100);
const half = (first: number) => subsetDataset(all, Array.from({ length: 50 }, (_, i) => first + i)); // prettier-ignore
const [train, test] = [half(0), half(50)];
const refine = { inputs: train, steps: 12, learningRate: 0.05, batchSize: 50 };

let space: NetSpace;
let entries: readonly SpaceEntry[];

beforeAll(async () => {
  await tf.setBackend('cpu');
  space = tinySpace([small!, large!], randomInstance(large!, 9));
  entries = [small!, large!].map((architecture, i) => ({ name: `net-${i}`, instance: randomInstance(architecture, i + 1) }));
});
afterAll(() => {
  space.dispose();
  disposeInstances(entries.map(({ instance }) => instance));
});

describe('refinedReconstruction', () => {
  it('is what the refined embedding decodes to', async () => {
    const { instance } = entries[1]!;
    const { predicted, before, after, encodeSeconds, refineSeconds } = await refinedReconstruction(space, instance, refine);
    const { embedding, ...distances } = await refineEmbedding(space, instance, refine);
    const [expected] = await space.instantiate(embedding);
    expect({ before, after }).toEqual(distances);
    expect(after).toBeLessThan(before);
    expect(predicted.classId).toBe(expected!.classId);
    expect(predicted.parameters.map((one) => [...one.dataSync()])).toEqual(expected!.parameters.map((one) => [...one.dataSync()]));
    expect(encodeSeconds).toBeGreaterThan(0);
    expect(refineSeconds).toBeGreaterThan(encodeSeconds);
    embedding.dispose();
    disposeInstances([predicted, expected!]);
  });
  it('leaves nothing behind, where a signal stops it either', async () => {
    const { instance } = entries[0]!;
    const before = tf.memory().numTensors;
    disposeInstances([(await refinedReconstruction(space, instance, refine)).predicted]);
    const stop = new AbortController();
    const onStep = ({ step }: { readonly step: number }) => {
      if (step === 3) stop.abort();
    };
    await expect(refinedReconstruction(space, instance, { ...refine, onStep, signal: stop.signal })).rejects.toMatchObject({
      code: 'ABORTED',
      message: expect.stringMatching(/stopped by its signal after \d+ steps of a refinement/) as string,
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('evaluateSpace with refine', () => {
  it('has beside the encodings what is measured of each refined network, and its time', async () => {
    const alone = await evaluateSpace(space, entries, test);
    const { refined, ...both } = await evaluateSpace(space, entries, test, { refine });
    expect(both).toEqual(alone);
    for (const [i, { name, instance }] of entries.entries()) {
      const { predicted, before, after } = await refinedReconstruction(space, instance, refine);
      expect(refined!.instances[i]).toEqual({
        ...{ name, architecture: instance.architecture.name, classId: space.classIdOf(instance), predictedClassId: predicted.classId },
        targetAccuracy: await accuracy(instance, test),
        predictedAccuracy: await accuracy(predicted, test),
        agreement: await agreement(instance, predicted, test),
        ...{ before, after, encodeSeconds: expect.any(Number) as number, refineSeconds: expect.any(Number) as number },
      });
      expect(after).toBeLessThan(before);
      disposeInstances([predicted]);
    }
    expect(refined!.summary).toEqual(summarize(refined!.instances));
    const compared = await spaceAccuracy(space, entries, test, { refine });
    expect(compared.refined!.agreement).toBeCloseTo(refined!.summary.meanAgreement, 12);
    expect(compared.agreement).toBeCloseTo(alone.summary.meanAgreement, 12);
  });
  it('refuses to refine on the images that it measures on, also where they are copies', async () => {
    const copy = { ...test, images: test.images.slice() };
    for (const inputs of [test, copy]) {
      await expect(evaluateSpace(space, entries, test, { refine: { inputs } })).rejects.toMatchObject({
        code: 'INVALID_OPTION',
        message: expect.stringContaining('got those of tiny for both; refine on training images') as string,
      });
      const [from, to] = entries.map(({ instance }) => instance) as [Instance, Instance];
      await expect(walkAccuracies(space, from, to, test, { refine: { inputs } })).rejects.toThrow(
        /^walkAccuracies: .*refine on training images/,
      );
    }
  });
  it('refuses options of a refinement that would say nothing, by name', async () => {
    const sdf = siren({ hidden: 4, layers: 0 });
    const shape = { architecture: sdf, parameters: initialize(sdf.parameters, { seed: 1 }) };
    const shapes = new NetSpace({ architectures: [sdf], prepShape: [4, 8], preset: 'tiny' });
    const inputs = () => tf.zeros([4, 3]);
    const steps = { steps: 1, batchSize: 8 };
    for (const [option, value] of Object.entries({ nearSurface: 0.5, bounds: 1 })) {
      const refused = `refinedReconstruction: expected no ${option} with inputs, beside which no points are drawn, got ${value}; leave it out`;
      await expect(refinedReconstruction(shapes, shape, { ...steps, inputs, [option]: value })).rejects.toThrow(refused);
      disposeInstances([(await refinedReconstruction(shapes, shape, { ...steps, [option]: value })).predicted]);
    }
    disposeInstances([(await refinedReconstruction(shapes, shape, { ...steps, inputs, clip: 1 })).predicted]);
    const classifier = entries[0]!.instance;
    await expect(refinedReconstruction(space, classifier, { ...refine, clip: 1 })).rejects.toThrow(
      /expected no clip for tiny-\S+, which gives no signed distances, got 1; leave it out/,
    );
    await expect(walk(space, classifier, classifier, { steps: 2, refine: { ...refine, clip: 1 } })).rejects.toThrow(
      /^walk: expected no clip/,
    );
    await expect(refineEmbedding(space, classifier, { ...refine, clip: 1 })).rejects.toThrow(/^refineEmbedding: expected no clip/);
    shapes.dispose();
    disposeInstances([shape]);
  });
  it('stops in a refinement at its own signal, and leaks nothing', async () => {
    await evaluateSpace(space, entries, test, { refine });
    const before = tf.memory().numTensors;
    const stop = new AbortController();
    const onStep = ({ step }: { readonly step: number }) => {
      if (step === 3) stop.abort();
    };
    await expect(evaluateSpace(space, entries, test, { refine: { ...refine, onStep }, signal: stop.signal })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    expect(tf.memory().numTensors).toBe(before);
  });
});
