import { describeOnRuntimes } from '@netspace/testing';
import { evenlySpread } from '@netspace/zoo/internal';
import { subsetDataset } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { accuracy } from '@netspace/zoo';
import { agreement } from './measures/agreement.js';
import { classIdConfusion } from './measures/class-id-confusion.js';
import { evaluateSpace } from './evaluate-space.js';
import type { EvaluatedInstance } from './evaluated-instance.js';
import { summarize } from './summarize.js';
import { randomInstance, tinyClassifier, tinyDataset, tinySpace } from '../testing/spaces.js';

const small = tinyClassifier();
const large = tinyClassifier({ hidden: 5 });
const dataset = tinyDataset(40);
const entries = () => [small, large, small].map((architecture, i) => ({ name: `net-${i}`, instance: randomInstance(architecture, i + 1) }));

describeOnRuntimes('evaluateSpace', () => {
  it('gives for each network what accuracy and agreement give', async () => {
    const space = tinySpace([small, large], randomInstance(large, 9));
    const progress: number[] = [];
    const seen: number[][] = [];
    const { instances, summary } = await evaluateSpace(space, entries(), dataset, {
      batchSize: 16,
      onPredicted: ({ parameters }, i) => void (seen[i] = parameters.flatMap((tensor) => [...tensor.dataSync()])),
      onStep: ({ step }) => progress.push(step),
    });
    expect(progress).toEqual([1, 2, 3]);
    for (const [i, { name, instance }] of entries().entries()) {
      const predicted = (await space.instantiate(space.encode([instance])))[0]!;
      expect(seen[i]).toEqual(predicted.parameters.flatMap((tensor) => [...tensor.dataSync()]));
      expect(instances[i]).toEqual({
        name,
        architecture: instance.architecture.name,
        classId: space.classIdOf(instance),
        predictedClassId: predicted.classId,
        targetAccuracy: await accuracy(instance, dataset),
        predictedAccuracy: await accuracy(predicted, dataset),
        agreement: await agreement(instance, predicted, dataset),
      });
    }
    expect(summary).toEqual(summarize(instances));
    space.dispose();
  });
  it('says if the zoo says other accuracies than these images give', async () => {
    const space = tinySpace([small, large], randomInstance(large, 9));
    const told = async (recorded: (measured: number) => Readonly<Record<string, number>>) => {
      const given = entries().map(async (entry) => ({ ...entry, record: { metrics: recorded(await accuracy(entry.instance, dataset)) } }));
      return (await evaluateSpace(space, await Promise.all(given), dataset)).remarks.join(' ');
    };
    expect(await told((measured) => ({ testAccuracy: measured > 0.5 ? measured - 0.4 : measured + 0.4 }))).toMatch(
      /The zoo says other accuracies than these images give: the median difference is 40\.0 points/,
    );
    for (const alike of [(measured: number) => ({ testAccuracy: measured }), () => ({ trainLoss: 5 })])
      expect(await told(alike)).not.toContain('other accuracies');
    space.dispose();
  });
  it('measures what given embeddings decode to, and refuses others than one a network', async () => {
    const space = tinySpace([small, large], randomInstance(large, 9));
    const nets = entries();
    const plain = await evaluateSpace(space, nets, dataset);
    const encodings = space.encode(nets.map(({ instance }) => instance));
    const turned = tf.reverse(encodings, 0);
    const tensors = tf.memory().numTensors;
    expect(await evaluateSpace(space, nets, dataset, { embeddings: encodings })).toEqual(plain);
    const { instances } = await evaluateSpace(space, nets, dataset, { embeddings: turned });
    expect(tf.memory().numTensors).toBe(tensors);
    const ids = plain.instances.map(({ predictedClassId }) => predictedClassId);
    expect(instances.map(({ predictedClassId }) => predictedClassId)).toEqual([...ids].reverse());
    expect(instances.map(({ targetAccuracy }) => targetAccuracy)).toEqual(plain.instances.map(({ targetAccuracy }) => targetAccuracy));
    const given = (embeddings: tf.Tensor2D, more = {}) => evaluateSpace(space, nets, dataset, { embeddings, ...more });
    await expect(given(tf.slice(encodings, 0, 2))).rejects.toThrow(/expected embeddings \[3,64\], one for each network, got \[2,64\]/);
    await expect(given(encodings, { refine: { steps: 1 } })).rejects.toThrow(/expected no refine with embeddings/);
    space.dispose();
  });
  it('refuses a network with a weight that is none, by its name', async () => {
    const space = tinySpace([small, large], randomInstance(large, 9));
    const [first, sick] = entries();
    const values = sick!.instance.parameters[0]!.dataSync().slice();
    values[0] = NaN;
    const parameters = [tf.tensor(values, sick!.instance.parameters[0]!.shape), ...sick!.instance.parameters.slice(1)];
    const broken = { name: 'sick', instance: { ...sick!.instance, parameters } };
    await expect(evaluateSpace(space, [first!, broken], dataset)).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(/^evaluateSpace: expected finite numbers, got NaN at \[0, 0\] of .* of "sick"/) as string,
    });
    space.dispose();
  });
  it('takes under a limit images from all over the data set, with their labels', async () => {
    const space = tinySpace([small, large], randomInstance(large, 9));
    const few = subsetDataset(dataset, evenlySpread(9, dataset.count));
    expect(await evaluateSpace(space, entries(), dataset, { limit: 9, batchSize: 4 })).toEqual(await evaluateSpace(space, entries(), few));
    space.dispose();
  });
  it('leaks no tensor, also where a network does not fit the data', async () => {
    const space = tinySpace([small, large], randomInstance(large, 9));
    const given = entries();
    await evaluateSpace(space, given, dataset, { limit: 5 });
    const before = tf.memory().numTensors;
    await evaluateSpace(space, given, dataset, { limit: 5 });
    await expect(evaluateSpace(space, given, { ...dataset, classes: 7 })).rejects.toThrow(/7 outputs/);
    expect(tf.memory().numTensors).toBe(before);
    space.dispose();
  });
  it('stops at its signal, refuses nothing and strangers', async () => {
    const space = tinySpace([small], randomInstance(small, 9));
    await expect(evaluateSpace(space, entries(), dataset, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'ABORTED',
      message: expect.stringContaining('after 0 of 3 networks') as string,
    });
    const untyped = evaluateSpace as (...given: unknown[]) => Promise<unknown>;
    const instances = entries().map(({ instance }) => instance);
    await expect(untyped(space, instances, dataset)).rejects.toThrow(/a list of \{ name, instance \}, .*did you mean instances\.map/);
    await expect(evaluateSpace(space, [], dataset)).rejects.toThrow(/at least one network/);
    await expect(evaluateSpace(space, entries(), dataset)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    space.dispose();
  });
});

describeOnRuntimes('classIdConfusion', () => {
  it('counts by row what the networks are and by column what they are taken for', async () => {
    const space = tinySpace([small, large], randomInstance(large, 9));
    const instances = Array.from({ length: 6 }, (_, i) => randomInstance(i % 2 ? large : small, i + 1));
    const expected = [
      [0, 0],
      [0, 0],
    ];
    for (const instance of instances) {
      const [predicted] = await space.instantiate(space.encode([instance]));
      expected[space.classIdOf(instance)]![predicted!.classId]! += 1;
    }
    const { matrix, architectures, accuracy: right } = await classIdConfusion(space, instances);
    expect(matrix).toEqual(expected);
    expect(architectures).toEqual([small.name, large.name]);
    expect(right).toBeCloseTo((expected[0]![0]! + expected[1]![1]!) / 6, 12);
    const before = tf.memory().numTensors;
    await classIdConfusion(space, instances);
    expect(tf.memory().numTensors).toBe(before);
    space.dispose();
  });
  it('is sure of the only architecture', async () => {
    const space = tinySpace([small], randomInstance(small, 9));
    expect(await classIdConfusion(space, [randomInstance(small, 1)])).toEqual({ matrix: [[1]], architectures: [small.name], accuracy: 1 });
    await expect(classIdConfusion(space, [])).rejects.toThrow(/at least one network/);
    await expect(classIdConfusion(space, [randomInstance(large, 1)])).rejects.toMatchObject({ code: 'NOT_FOUND' });
    space.dispose();
  });
});

describe('summarize', () => {
  const row = (targetAccuracy: number, predictedAccuracy: number, predictedClassId = 0): EvaluatedInstance => ({
    name: '',
    architecture: '',
    classId: 0,
    predictedClassId,
    targetAccuracy,
    predictedAccuracy,
    agreement: 0.5,
  });

  it('averages', () => {
    const { accuracyCorrelation, ...means } = summarize([row(0.2, 0.3), row(0.6, 0.5, 1)]);
    expect(means.count).toBe(2);
    expect(means.classIdAccuracy).toBe(0.5);
    expect(means.meanTargetAccuracy).toBeCloseTo(0.4, 12);
    expect(means.meanPredictedAccuracy).toBeCloseTo(0.4, 12);
    expect(means.meanAccuracyDifference).toBeCloseTo(0.1, 12);
    expect(means.meanAgreement).toBe(0.5);
    expect(accuracyCorrelation).toBeCloseTo(1, 12);
  });
  it('tells bias from difference, and order from a straight line', () => {
    const { bias, meanAccuracyDifference, spearman, accuracyCorrelation } = summarize([row(0.1, 0.3), row(0.2, 0.4), row(0.6, 0.5)]);
    expect([bias, meanAccuracyDifference]).toEqual([expect.closeTo(0.1, 12), expect.closeTo(0.5 / 3, 12)]);
    expect(spearman).toBeCloseTo(1, 12);
    expect(accuracyCorrelation).toBeLessThan(0.95);
  });
  it('has a correlation of −1 for opposites and none where there is nothing to correlate', () => {
    expect(summarize([row(0.2, 0.9), row(0.4, 0.8), row(0.6, 0.7)]).accuracyCorrelation).toBeCloseTo(-1, 12);
    expect(summarize([row(0.3, 0.1), row(0.3, 0.9)]).accuracyCorrelation).toBeNull();
    expect(summarize([row(0.3, 0.1)]).accuracyCorrelation).toBeNull();
    expect(summarize([row(0.3, 0.1), row(0.3, 0.9)]).spearman).toBeNull();
  });
});
