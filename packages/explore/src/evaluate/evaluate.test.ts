import type { Instance } from '@netspace/prep';
import { describeOnRuntimes } from '@netspace/testing';
import { createImageDataset, imageBatch, subsetDataset } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { accuracy } from '@netspace/zoo';
import { agreement } from './measures/agreement.js';
import { klDivergence } from './measures/kl-divergence.js';
import { predictClasses } from '@netspace/zoo';
import { perfectClassifier, randomInstance, tinyClassifier, tinyDataset } from '../testing/spaces.js';

const architecture = tinyClassifier();
const dataset = tinyDataset(50);
/** Gives every image the same logits. */
const constant = (logits: readonly number[]): Instance => ({ architecture, parameters: [tf.zeros([4, 3]), tf.tensor1d([...logits])] });
const share = (label: number) => dataset.labels.filter((value) => value === label).length / dataset.count;
const leaksNothing = async (run: () => Promise<unknown>) => {
  await run();
  const before = tf.memory().numTensors;
  await run();
  expect(tf.memory().numTensors).toBe(before);
};

describeOnRuntimes('a network whose outputs are NaN', () => {
  it('is right about no image, and agrees with nothing, itself included', async () => {
    const none = constant([0, NaN, 0]);
    expect([...(await predictClasses(none, dataset))]).toEqual(Array(50).fill(-1));
    expect(await accuracy(none, dataset)).toBe(0);
    expect(await agreement(none, none, dataset)).toBe(0);
    expect(await agreement(none, perfectClassifier(), dataset)).toBe(0);
    await leaksNothing(() => agreement(none, none, dataset));
  });
  it('may be infinite: minus infinity is the probability 0', async () => {
    expect(await accuracy(constant([-Infinity, 0, -Infinity]), dataset)).toBeCloseTo(share(1), 12);
  });
  it.each([[[0, Infinity, 0]], [[-Infinity, -Infinity, -Infinity]]])('is right about no image where no softmax is: %s', async (logits) => {
    const none = constant(logits);
    expect(await accuracy(none, dataset)).toBe(0);
    expect(await agreement(none, none, dataset)).toBe(0);
  });
});

describeOnRuntimes('accuracy', () => {
  it('is 1 for a classifier that is always right and the share of its class for one that says only that', async () => {
    expect(await accuracy(perfectClassifier(), dataset)).toBe(1);
    for (const label of [0, 1, 2]) {
      expect(await accuracy(constant([0, 1, 2].map((i) => Number(i === label))), dataset)).toBeCloseTo(share(label), 12);
    }
  });
  it('does not depend on the batch size', async () => {
    const instance = randomInstance(architecture, 1);
    const expected = await accuracy(instance, dataset);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), async (batchSize) => {
        expect(await accuracy(instance, dataset, { batchSize })).toBe(expected);
      }),
      { numRuns: 8 },
    );
  });
  it('sees only so many images under a limit, from all over the data set', async () => {
    const instance = randomInstance(architecture, 1);
    const few = subsetDataset(
      dataset,
      Array.from({ length: 7 }, (_, i) => Math.floor((i * dataset.count) / 7)),
    );
    expect(await accuracy(instance, dataset, { limit: 7, batchSize: 3 })).toBe(await accuracy(instance, few));
    expect(await accuracy(instance, dataset, { limit: 1000 })).toBe(await accuracy(instance, dataset));
  });
  it('leaks no tensor', async () => {
    const instance = randomInstance(architecture, 1);
    await leaksNothing(() => accuracy(instance, dataset, { batchSize: 20 }));
  });
  it('refuses impossible options, empty data sets and networks of another task', async () => {
    const instance = randomInstance(architecture, 1);
    await expect(accuracy(instance, dataset, { batchSize: 0 })).rejects.toThrow(/batchSize to be a positive integer, got 0/);
    await expect(accuracy(instance, dataset, { limit: 1.5 })).rejects.toThrow(/limit to be a positive integer, got 1.5/);
    const { name, shape, classes, mean, std } = dataset;
    const empty = createImageDataset({ name, shape, classes, mean, std, images: new Uint8Array(0), labels: new Uint8Array(0) });
    await expect(accuracy(instance, empty)).rejects.toThrow(/at least one image, got the empty data set tiny/);
    await expect(accuracy(randomInstance(tinyClassifier({ classes: 4 }), 1), dataset)).rejects.toThrow(/3 outputs for tiny, got \[50,4\]/);
  });
});

describeOnRuntimes('predictClasses', () => {
  it('is the arg-max of the logits, in order', async () => {
    const instance = randomInstance(architecture, 2);
    const { images } = imageBatch(dataset, [...Array(dataset.count).keys()]);
    const logits = (architecture.apply(instance.parameters, images) as tf.Tensor2D).arraySync();
    const expected = logits.map((row) => row.indexOf(Math.max(...row)));
    expect([...(await predictClasses(instance, dataset, { batchSize: 8 }))]).toEqual(expected);
  });
});

describeOnRuntimes('agreement', () => {
  it('is 1 of a network with itself, symmetric, and the accuracy against one that is always right', async () => {
    const [a, b] = [randomInstance(architecture, 1), randomInstance(architecture, 2)];
    expect(await agreement(a, a, dataset)).toBe(1);
    expect(await agreement(a, b, dataset)).toBe(await agreement(b, a, dataset));
    expect(await agreement(a, perfectClassifier(), dataset)).toBe(await accuracy(a, dataset));
    expect(await agreement(constant([1, 0, 0]), constant([0, 1, 0]), dataset)).toBe(0);
  });
});

describeOnRuntimes('klDivergence', () => {
  const entropyTerm = (p: readonly number[], q: readonly number[]) => p.reduce((sum, value, i) => sum + value * Math.log(value / q[i]!), 0);
  const logs = (p: readonly number[]) => p.map(Math.log);

  it('is Σ p log p/q for constant networks, and 0 for equal ones', async () => {
    const [p, q] = [
      [0.5, 0.25, 0.25],
      [0.2, 0.2, 0.6],
    ];
    expect(await klDivergence(constant(logs(q!)), constant(logs(p!)), dataset)).toBeCloseTo(entropyTerm(p!, q!), 5);
    expect(await klDivergence(constant(logs(p!)), constant(logs(q!)), dataset)).toBeCloseTo(entropyTerm(q!, p!), 5);
    expect(await klDivergence(constant(logs(p!)), constant(logs(p!)), dataset)).toBeCloseTo(0, 6);
  });
  it('averages over images, whatever the batches', async () => {
    const [a, b] = [randomInstance(architecture, 1), randomInstance(architecture, 2)];
    expect(await klDivergence(a, b, dataset, { batchSize: 17 })).toBeCloseTo(await klDivergence(a, b, dataset), 5);
  });
  it('shrinks with the temperature', async () => {
    const [a, b] = [randomInstance(architecture, 1), randomInstance(architecture, 2)];
    expect(await klDivergence(a, b, dataset, { temperature: 4 })).toBeLessThan(await klDivergence(a, b, dataset));
  });
  it('leaks no tensor and refuses a temperature of zero', async () => {
    const [a, b] = [randomInstance(architecture, 1), randomInstance(architecture, 2)];
    await leaksNothing(() => klDivergence(a, b, dataset, { batchSize: 20 }));
    await expect(klDivergence(a, b, dataset, { temperature: 0 })).rejects.toThrow(/temperature/);
  });
});
