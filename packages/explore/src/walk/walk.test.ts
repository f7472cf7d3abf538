import { disposeInstances } from '@netspace/prep';
import { describeOnRuntimes } from '@netspace/testing';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { refineEmbedding } from '../latent/refine-embedding.js';
import { randomInstance, tinyClassifier, tinyDataset, tinySpace } from '../testing/spaces.js';
import { walk, type Walk } from './walk.js';

const small = tinyClassifier();
const large = tinyClassifier({ hidden: 5 });
const classifier = { ...small, purpose: 'classifier' as const };
const disposeWalk = ({ embeddings, instances }: Walk): void => {
  embeddings.dispose();
  disposeInstances(instances);
};

describeOnRuntimes('walk', () => {
  it('starts and ends at the encodings, with nine even steps', async () => {
    const [a, b] = [randomInstance(small, 1), randomInstance(small, 2)];
    const space = tinySpace([small], a);
    const { gammas, embeddings, instances } = await walk(space, a, b);
    expect(gammas).toEqual([0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1]);
    const rows = embeddings.arraySync();
    expect(rows[0]).toEqual(space.encode([a]).arraySync()[0]);
    expect(rows[8]).toEqual(space.encode([b]).arraySync()[0]);
    expect(instances.map(({ architecture }) => architecture)).toEqual(Array(9).fill(small));
    space.dispose();
  });
  it('decodes what stands at each stop, as the architecture asked for', async () => {
    const [a, b] = [randomInstance(small, 1), randomInstance(large, 2)];
    const space = tinySpace([small, large], b);
    const { embeddings, instances } = await walk(space, a, b, { gammas: [0.5, 1], classIds: [0, 1] });
    expect(instances.map(({ architecture, classId }) => [architecture.name, classId])).toEqual([
      [small.name, 0],
      [large.name, 1],
    ]);
    const alone = space.instantiateAs(tf.slice(embeddings, [1, 0], [1, -1]), [1])[0]!;
    const difference = tf.max(tf.abs(tf.sub(instances[1]!.parameters[0]!, alone.parameters[0]!)));
    expect(difference.dataSync()[0]).toBeLessThan(1e-5);
    space.dispose();
  });
  it('starts from an embedding as from its network', async () => {
    const [a, b] = [randomInstance(small, 1), randomInstance(small, 2)];
    const space = tinySpace([small], a);
    const byNetwork = await walk(space, a, b, { steps: 2 });
    const byEmbedding = await walk(space, space.encode([a]), tf.reshape(space.encode([b]), [-1]), { steps: 2 });
    expect(byEmbedding.embeddings.arraySync()).toEqual(byNetwork.embeddings.arraySync());
    space.dispose();
  });
  it('starts and ends at refined embeddings, and goes straight between', async () => {
    const [a, b] = [randomInstance(classifier, 1), randomInstance(classifier, 2)];
    const space = tinySpace([classifier], randomInstance(classifier, 3));
    const refine = { inputs: tinyDataset(), steps: 10, learningRate: 0.05, batchSize: 30 };
    const { embeddings, instances } = await walk(space, a, b, { steps: 3, refine });
    const ends = [(await refineEmbedding(space, a, refine)).embedding, (await refineEmbedding(space, b, refine)).embedding];
    const middle = tf.mul(tf.add(ends[0]!, ends[1]!), 0.5);
    const expected = tf.concat([ends[0]!, middle, ends[1]!], 0);
    expect(tf.max(tf.abs(tf.sub(embeddings, expected))).dataSync()[0]).toBeLessThan(1e-6);
    expect(tf.max(tf.abs(tf.sub(embeddings, tf.concat([space.encode([a]), middle, space.encode([b])], 0)))).dataSync()[0]).toBeGreaterThan(
      0.1,
    );
    const half = await walk(space, a, space.encode([b]), { steps: 2, refine }); // an embedding stays where it is
    const difference = tf.sub(half.embeddings, tf.concat([ends[0]!, space.encode([b])], 0));
    expect(tf.max(tf.abs(difference)).dataSync()[0]).toBeLessThan(1e-6);
    disposeWalk(half);
    tf.dispose(embeddings);
    disposeInstances(instances);
    await expect(walk(space, ends[0]!, ends[1]!, { refine })).rejects.toThrow(/a network as an end to refine, got two embeddings/);
    space.dispose();
  });
  it('leaks nothing where the refinement of its second end is stopped', async () => {
    const a = randomInstance(classifier, 1);
    const space = tinySpace([classifier], randomInstance(classifier, 3));
    const refine = { inputs: tinyDataset(), steps: 10, batchSize: 30 };
    disposeWalk(await walk(space, a, a, { refine }));
    const before = tf.memory().numTensors;
    const stop = new AbortController();
    let ends = 0;
    const onStep = ({ step }: { readonly step: number }) => {
      if (step === 0 && ++ends === 2) stop.abort();
    };
    await expect(walk(space, a, a, { refine: { ...refine, onStep, signal: stop.signal } })).rejects.toMatchObject({ code: 'ABORTED' });
    expect([ends, tf.memory().numTensors]).toEqual([2, before]);
    space.dispose();
  });
  it('leaks no tensor, also where it fails', async () => {
    const a = randomInstance(small, 1);
    const space = tinySpace([small], a);
    disposeWalk(await walk(space, a, a)); // the first call may fill caches
    const before = tf.memory().numTensors;
    disposeWalk(await walk(space, a, a));
    await expect(walk(space, a, a, { steps: 2, classIds: [0] })).rejects.toThrow(/one ClassId for each of 2/);
    expect(tf.memory().numTensors).toBe(before);
    space.dispose();
  });
  it('refuses what is not one embedding and impossible steps', async () => {
    const a = randomInstance(small, 1);
    const space = tinySpace([small], a);
    await expect(walk(space, tf.zeros([2, 64]), a)).rejects.toThrow(/walk: expected one embedding .* got from of shape \[2,64\]/);
    await expect(walk(space, a, tf.zeros([32]))).rejects.toThrow(/64 numbers but b 32/);
    const untyped = walk as (...given: unknown[]) => Promise<unknown>;
    await expect(untyped(space, a)).rejects.toThrow(/walk: to: expected an instance, .* got nothing/);
    await expect(untyped(space, [a], a)).rejects.toThrow(/walk: from: expected an instance, .* got a list of 1/);
    await expect(walk(space, a, a, { steps: 1 })).rejects.toThrow(/steps to be an integer from 2 up, got 1/);
    await expect(walk(space, a, a, { gammas: [] })).rejects.toThrow(/gammas to be a list of at least one number, got \[\]/);
    space.dispose();
  });
});
