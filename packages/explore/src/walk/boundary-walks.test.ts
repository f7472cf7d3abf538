import { describeOnRuntimes } from '@netspace/testing';
import { accuracy } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { randomInstance, tinyClassifier, tinyDataset, tinySpace } from '../testing/spaces.js';
import { boundaryPairs, boundaryWalks } from './boundary-walks.js';
import { walkAccuracies } from './walk-accuracies.js';
import { walk } from './walk.js';

const architectures = [tinyClassifier(), tinyClassifier({ hidden: 3 }), tinyClassifier({ hidden: 5 })];
const entries = () =>
  architectures.flatMap((architecture, i) =>
    Array.from({ length: 3 - Math.floor(i / 2) }, (_, k) => ({
      name: `${architecture.name} ${k}`,
      instance: randomInstance(architecture, 10 * i + k),
    })),
  );

describeOnRuntimes('walkAccuracies', () => {
  it('is what each stop of the walk has by itself, and frees them', async () => {
    const space = tinySpace(architectures, randomInstance(architectures[2]!, 3));
    const [from, to, dataset] = [randomInstance(architectures[0]!, 1), randomInstance(architectures[2]!, 2), tinyDataset()];
    const { instances } = await walk(space, from, to, { steps: 4 });
    const expected = [];
    for (const instance of instances) expected.push(await accuracy(instance, dataset, { limit: 30 }));
    const before = tf.memory().numTensors;
    const measured = await walkAccuracies(space, from, to, dataset, { steps: 4, limit: 30 });
    expect(measured.accuracies).toEqual(expected);
    expect(measured.classIds).toEqual(instances.map(({ classId }) => classId));
    expect(tf.memory().numTensors).toBe(before);
    await expect(walkAccuracies(space, from, to, dataset, { steps: 4, limit: 0.5 })).rejects.toThrow(/limit/);
    expect(tf.memory().numTensors).toBe(before);
    space.dispose();
  });
  it('walks as many pairs as asked, from the smallest to the largest architecture', async () => {
    const space = tinySpace(architectures, randomInstance(architectures[2]!, 3));
    const { gammas, walks, inOrder } = await boundaryWalks(space, entries(), tinyDataset(), { pairs: 1, stops: 3 });
    expect(gammas).toEqual([0, 0.5, 1]);
    expect(walks.map(({ from, to }) => [from, to])).toEqual([[`${architectures[0]!.name} 0`, `${architectures[2]!.name} 0`]]);
    expect(walks[0]!.accuracies).toHaveLength(3);
    const right = walks[0]!.classIds.join() === '0,1,2';
    expect(inOrder).toBe(Number(right));
    space.dispose();
  });
});

describe('boundaryPairs', () => {
  it('pairs as many as the rarer architecture has, and leaves inner ones out', () => {
    const pairs = boundaryPairs({ architectures }, entries()).map((pair) => pair.map(({ name }) => name.split(' ')[1]));
    expect(pairs).toEqual([
      ['0', '0'],
      ['1', '1'],
    ]);
  });
});
