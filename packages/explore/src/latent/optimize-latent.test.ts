import { describeOnRuntimes, expectClose, finiteDifference } from '@netspace/testing';
import { adam } from '@netspace/model';
import { divergenceOf } from '@netspace/prep';
import { imageBatch } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { accuracy } from '@netspace/zoo';
import { latentObjective } from './latent-objective.js';
import { abortedSearch, optimizeLatent, type LatentObjective } from './optimize-latent.js';
import { perfectClassifier, randomInstance, tinyClassifier, tinyDataset, tinySpace } from '../testing/spaces.js';

const small = tinyClassifier();
const large = tinyClassifier({ hidden: 5 });
const dataset = tinyDataset();

/** Images, labels and the logits of the classifier that is always right. */
function teaching() {
  const { images, labels } = imageBatch(dataset, [...Array(dataset.count).keys()]);
  const { architecture, parameters } = perfectClassifier();
  return { images, labels, teacher: architecture.apply(parameters, images) as tf.Tensor2D };
}
const weights = (space: ReturnType<typeof tinySpace>) => Object.values(space.variables).map((variable) => [...variable.dataSync()]);
// A stand-in for a decoder: the loss is in the embedding alone.
const identity = { decode: (embedding: tf.Tensor2D) => ({ preps: tf.expandDims(embedding, 1) as tf.Tensor3D, classLogits: undefined }) };
const distanceTo =
  (target: readonly number[]): LatentObjective =>
  ({ embedding }) =>
    tf.sum(tf.square(tf.sub(embedding, [target])));

describeOnRuntimes('optimizeLatent', () => {
  it.each(['best', 'last'] as const)('claims nothing for a search that diverges, keeping the %s', async (keep) => {
    const space = tinySpace([small], randomInstance(small, 3));
    const start = space.encode([randomInstance(small, 4)]);
    const objective = latentObjective({ space, batch: teaching() });
    const before = tf.memory().numTensors;
    const search = optimizeLatent(space, start, { loss: objective, steps: 4, learningRate: 1e38, keep });
    const error = await search.catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'DIVERGED', message: expect.stringMatching(/^optimizeLatent: .*got the (loss|embedding) that is NaN or infinite/) as string }); // prettier-ignore
    expect(divergenceOf(error)!.step).toBeLessThan(6);
    expect(tf.memory().numTensors).toBe(before);
    space.dispose();
  });
  it('refuses an embedding with a number that is none', async () => {
    const search = optimizeLatent(identity, tf.tensor2d([[1, NaN]]), { loss: distanceTo([0, 0]) });
    await expect(search).rejects.toMatchObject({ code: 'INVALID_OPTION', message: expect.stringContaining('got NaN at [0, 1]') as string });
  });
  it('leaks no tensor where the loss throws', async () => {
    const space = tinySpace([small], randomInstance(small, 3));
    const start = space.encode([randomInstance(small, 4)]);
    const given = latentObjective({ space, batch: teaching() });
    const loss: LatentObjective = (point, step) => {
      const value = given(point, step);
      if (step === 1) throw new Error('in the middle of a gradient');
      return value;
    };
    const before = tf.memory().numTensors;
    await expect(optimizeLatent(space, start, { loss, steps: 3 })).rejects.toThrow('in the middle of a gradient');
    expect(tf.memory().numTensors).toBe(before);
    space.dispose();
  });
  it('makes a poor network good at what the teacher does, in a real space whose decoder stays as it is', async () => {
    const space = tinySpace([small], randomInstance(small, 3));
    const before = weights(space);
    const start = space.encode([randomInstance(small, 4)]);
    const loss = latentObjective({ space, batch: teaching() });
    const { embedding, losses } = await optimizeLatent(space, start, { loss, steps: 40, learningRate: 0.5 });
    expect(losses).toHaveLength(41);
    expect(losses.at(-1)).toBeLessThan(0.5 * losses[0]!);
    const [poor, good] = [start, embedding].map((e) => space.instantiateAs(e, [0])[0]!);
    expect(await accuracy(good!, dataset)).toBeGreaterThan((await accuracy(poor!, dataset)) + 0.1);
    expect(weights(space)).toEqual(before);
    space.dispose();
  });
  it('ends at the architecture asked for', async () => {
    const space = tinySpace([small, large], randomInstance(large, 3));
    const start = space.encode([randomInstance(small, 4)]);
    const { classLogits } = space.decode(start);
    const other = 1 - tf.argMax(classLogits!, 1).dataSync()[0]!;
    const loss = latentObjective({ space, batch: teaching(), classId: other, classWeight: 20 });
    const { embedding, losses } = await optimizeLatent(space, start, { loss, steps: 60, learningRate: 0.05 });
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
    expect((await space.instantiate(embedding))[0]!.classId).toBe(other);
    space.dispose();
  });
  it('walks down the gradient of the whole chain', () => {
    const space = tinySpace([small, large], randomInstance(large, 3));
    const loss = latentObjective({ space, batch: teaching(), classId: 1 });
    const whole = (embedding: tf.Tensor) => loss({ ...space.decode(embedding as tf.Tensor2D), embedding: embedding as tf.Tensor2D }, 0);
    const start = tf.randomNormal([1, 64], 0, 10, 'float32', 5); // large, so that small steps cross few kinks of the leaky ReLUs
    const gradient = tf.grad(whole)(start).dataSync();
    const indices = [0, 7, 31, 63];
    expectClose(
      indices.map((i) => gradient[i]!),
      finiteDifference(whole, start, { h: 2e-2, indices }),
      2e-2,
    );
    space.dispose();
  });
  it('takes the steps of Adam at 1e-4 unless told otherwise', async () => {
    const { embedding, losses } = await optimizeLatent(identity, tf.tensor1d([1, -1]), { loss: distanceTo([0, 0]), steps: 3 });
    expectClose(embedding.dataSync(), [1 - 3e-4, -1 + 3e-4], 1e-6);
    expectClose(losses, [2, 2 * (1 - 1e-4) ** 2, 2 * (1 - 2e-4) ** 2, 2 * (1 - 3e-4) ** 2], 1e-6);
  });
  it("follows Adam's formula in double precision for five steps of changing gradients", async () => {
    const gradients = [
      [0.3, -2],
      [0.1, 0.5],
      [-0.4, 1],
      [0, 0],
      [2, -1],
    ];
    // The gradient of a linear loss is what it is linear in; the last loss is only measured.
    const loss: LatentObjective = ({ embedding }, step) => tf.sum(tf.mul(embedding, [gradients[step] ?? [0, 0]]));
    const { embedding } = await optimizeLatent(identity, tf.tensor1d([0.5, -0.5]), { loss, steps: 5, learningRate: 0.05, keep: 'last' });
    const expected = [0.5, -0.5].map((start, i) => {
      let [value, m, v] = [start, 0, 0];
      gradients.forEach((gradient, step) => {
        m = 0.9 * m + 0.1 * gradient[i]!;
        v = 0.999 * v + 0.001 * gradient[i]! ** 2;
        value -= (0.05 * (m / (1 - 0.9 ** (step + 1)))) / (Math.sqrt(v / (1 - 0.999 ** (step + 1))) + 1e-8);
      });
      return value;
    });
    expectClose(embedding.dataSync(), expected, 1e-6);
  });
  it('takes the very steps that the optimizer takes on a variable', async () => {
    const loss = distanceTo([0.3, -0.2, 4]);
    const start = [1, -2, 3];
    const { embedding } = await optimizeLatent(identity, tf.tensor1d(start), { loss, steps: 12, learningRate: 0.1, keep: 'last' });
    const [variable, optimizer] = [tf.variable(tf.tensor2d([start])), adam({ learningRate: 0.1 })];
    for (let step = 0; step < 12; step++) {
      const { grads } = tf.variableGrads(() => tf.sum(tf.square(tf.sub(variable, [[0.3, -0.2, 4]]))), [variable]);
      optimizer.apply({ variable }, { variable: grads[variable.name]! });
    }
    expect([...embedding.dataSync()]).toEqual([...variable.dataSync()]);
  });
  it('stands still where there is nothing to gain', async () => {
    const { embedding } = await optimizeLatent(identity, tf.tensor1d([1, 2]), { loss: distanceTo([1, 2]), steps: 3, learningRate: 1 });
    expect([...embedding.dataSync()]).toEqual([1, 2]);
  });
  it('takes each step at its own rate', async () => {
    const learningRate = (step: number) => [0.5, 0.25][step]!;
    const { embedding } = await optimizeLatent(identity, tf.tensor1d([10]), {
      loss: ({ embedding }) => tf.sum(embedding),
      steps: 2,
      learningRate,
    });
    expectClose(embedding.dataSync(), [10 - 0.5 - 0.25], 1e-6); // the steps of Adam under a constant gradient are the rate
    const refused = optimizeLatent(identity, tf.tensor1d([1]), { loss: distanceTo([0]), learningRate: () => 0 });
    await expect(refused).rejects.toThrow(/learningRate to be a positive number, got 0/);
  });
  it('optimizes each row of a batch as it would alone', async () => {
    const rows = [
      [1, -1],
      [0.5, 3],
    ];
    const search = async (start: tf.Tensor) => {
      const { embedding } = await optimizeLatent(identity, start, {
        loss: distanceTo([0.2, 0.1]),
        steps: 9,
        learningRate: 0.1,
        keep: 'last',
      });
      return embedding.arraySync();
    };
    expect(await search(tf.tensor2d(rows))).toEqual([...(await search(tf.tensor1d(rows[0]!))), ...(await search(tf.tensor1d(rows[1]!)))]);
  });
  it('keeps the best embedding seen, or the last', async () => {
    // Far too long steps: the first one lands at the target, the others leave it again.
    const search = (keep?: 'best' | 'last') =>
      optimizeLatent(identity, tf.tensor1d([1]), { loss: distanceTo([0]), steps: 2, learningRate: 1, ...(keep ? { keep } : {}) });
    const [best, last] = [await search(), await search('last')];
    expect(best.embedding.dataSync()[0]).toBeCloseTo(0, 5);
    expect(Math.abs(last.embedding.dataSync()[0]!)).toBeGreaterThan(0.3);
    expect(Math.min(...best.losses)).toBe(best.losses[1]);
  });
  it('reports every step in order, whatever the number of steps between reads', async () => {
    for (const readEvery of [1, 3, 100]) {
      const reports: { step: number; steps: number; loss: number }[] = [];
      const { losses } = await optimizeLatent(identity, tf.tensor1d([1]), {
        loss: distanceTo([0]),
        steps: 7,
        readEvery,
        onStep: (report) => reports.push(report),
      });
      expect(reports).toEqual(losses.map((loss, step) => ({ step, steps: losses.length - 1, loss })));
    }
  });
  it('gives what it has found when a signal stops it', async () => {
    const controller = new AbortController();
    const onStep = ({ step }: { readonly step: number }) => {
      if (step === 5) controller.abort();
    };
    const options = { loss: distanceTo([0]), steps: 50, learningRate: 0.1, readEvery: 2, signal: controller.signal, onStep };
    const error: unknown = await optimizeLatent(identity, tf.tensor1d([1]), options).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ABORTED', message: expect.stringMatching(/after 6 of 50 steps/) as string });
    const found = abortedSearch(error)!;
    expect(found.losses).toHaveLength(6);
    expect(found.embedding.dataSync()[0]).toBeCloseTo(0.5, 1);
    const again = await optimizeLatent(identity, found.embedding, { ...options, signal: AbortSignal.abort() }).catch(abortedSearch);
    expect(again!.embedding.arraySync()).toEqual(found.embedding.arraySync());
    expect(again!.losses).toEqual([]);
    expect(abortedSearch(new Error('other'))).toBeUndefined();
  });
  it('lets a timer stop it', async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 1);
    const options = { loss: distanceTo([0]), steps: 1_000_000, signal: controller.signal };
    await expect(optimizeLatent(identity, tf.tensor1d([1]), options)).rejects.toThrow(/stopped by its signal/);
  });
  it('leaks no tensor, whether it ends or is stopped', async () => {
    const space = tinySpace([small], randomInstance(small, 3));
    const start = space.encode([randomInstance(small, 4)]);
    const loss = latentObjective({ space, batch: teaching() });
    const run = async (signal?: AbortSignal) => {
      const options = { loss, steps: 4, readEvery: 3, ...(signal ? { signal } : {}) };
      const found = await optimizeLatent(space, start, options).catch(abortedSearch);
      found!.embedding.dispose();
    };
    await run();
    const before = tf.memory().numTensors;
    await run();
    await run(AbortSignal.abort());
    expect(tf.memory().numTensors).toBe(before);
    space.dispose();
  });
  it('passes on what the objective or the listener throws', async () => {
    const fail = () => {
      throw new Error('on purpose');
    };
    await expect(optimizeLatent(identity, tf.tensor1d([1]), { loss: fail })).rejects.toThrow('on purpose');
    await expect(optimizeLatent(identity, tf.tensor1d([1]), { loss: distanceTo([0]), onStep: fail })).rejects.toThrow('on purpose');
  });
  it('refuses impossible options and embeddings of another space', async () => {
    const loss = distanceTo([0]);
    const start = tf.tensor1d([1]);
    await expect(optimizeLatent(identity, start, { loss, steps: 0 })).rejects.toThrow(/expected steps to be a positive integer, got 0/);
    await expect(optimizeLatent(identity, start, { loss, readEvery: 1.5 })).rejects.toThrow(/readEvery .* got 1.5/);
    await expect(optimizeLatent(identity, start, { loss, learningRate: 0 })).rejects.toThrow(
      /learningRate to be a positive number.*, got 0/,
    );
    const space = tinySpace([small], randomInstance(small, 3));
    await expect(optimizeLatent(space, start, { loss })).rejects.toThrow(/\[B, 64\]/);
    const untyped = optimizeLatent as (...given: unknown[]) => Promise<unknown>;
    await expect(untyped(space, randomInstance(small, 3), { loss })).rejects.toThrow(
      /embedding as tensor, got an object; encode a network first/,
    );
    space.dispose();
  });
});
