import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';

import { describeOnRuntimes, expectClose } from '@netspace/testing';

import { fitPrior, type PriorOptions } from './fit-prior.js';
import { samplePrior } from './sample-prior.js';

type Rows = readonly (readonly number[])[];
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const column = (rows: Rows, i: number) => rows.map((row) => row[i]!);
function covariance(rows: Rows, i: number, j: number): number {
  const [a, b] = [column(rows, i), column(rows, j)];
  const [meanA, meanB] = [mean(a), mean(b)];
  return a.reduce((sum, value, k) => sum + (value - meanA) * (b[k]! - meanB), 0) / (rows.length - 1);
}

// Four embeddings of three numbers: the first two move together, the third is constant.
const rows = [
  [0, 1, 5],
  [2, 2, 5],
  [4, 6, 5],
  [6, 3, 5],
];

async function drawn(embeddings: tf.Tensor2D, options: PriorOptions, { count, seed }: { readonly count: number; readonly seed: number }) {
  const prior = await fitPrior(embeddings, options);
  return samplePrior(prior, count, { seed }).arraySync();
}

describeOnRuntimes('a Gaussian prior', () => {
  const draw = (shrinkage: number) => drawn(tf.tensor2d(rows), { kind: 'gaussian', shrinkage }, { count: 20_000, seed: 7 });

  it('has the mean and, without shrinkage, the covariance of the embeddings', async () => {
    const samples = await draw(0);
    [3, 3, 5].forEach((expected, i) => expect(mean(column(samples, i))).toBeCloseTo(expected, 1));
    for (const [i, j] of [
      [0, 0],
      [0, 1],
      [1, 1],
    ] as const) {
      expect(covariance(samples, i, j) / covariance(rows, i, j)).toBeCloseTo(1, 1);
    }
    expect(column(samples, 2).every((value) => value === 5)).toBe(true);
  });
  it('loses the covariances in proportion to the shrinkage and keeps the variances', async () => {
    const [half, full] = [await draw(0.5), await draw(1)];
    expect(covariance(half, 0, 1) / covariance(rows, 0, 1)).toBeCloseTo(0.5, 1);
    expect(Math.abs(covariance(full, 0, 1) / covariance(rows, 0, 1))).toBeLessThan(0.05);
    for (const samples of [half, full]) expect(covariance(samples, 1, 1) / covariance(rows, 1, 1)).toBeCloseTo(1, 1);
  });
  it('stays in the span of few embeddings of many numbers', async () => {
    const two = tf.tensor2d([Array.from({ length: 64 }, (_, i) => i), Array.from({ length: 64 }, (_, i) => i * i)]);
    const samples = await drawn(two, { kind: 'gaussian', shrinkage: 0 }, { count: 5, seed: 1 });
    // Every sample is i·(1 − t) + i²·t for one t, read off at i = 2.
    for (const sample of samples) {
      const t = (sample[2]! - 2) / 2;
      expectClose(
        sample,
        sample.map((_, i) => i * (1 - t) + i * i * t),
        1e-4,
      );
    }
  });
  it('estimates the shrinkage by the formula of Schäfer and Strimmer', async () => {
    const n = 12;
    const data = tf.tidy(() => {
      const noise = tf.randomNormal([n, 4], 0, 1, 'float32', 3);
      return (tf.add(noise, tf.mul(1.5, tf.randomNormal([n, 1], 0, 1, 'float32', 4))) as tf.Tensor2D).arraySync();
    });
    const z = data.map((row) => row.map((value, i) => (value - mean(column(data, i))) / Math.sqrt(covariance(data, i, i))));
    let [variances, squares] = [0, 0];
    for (let i = 0; i < 4; i++) {
      for (let j = 0; j < 4; j++) {
        if (i === j) continue;
        const w = z.map((row) => row[i]! * row[j]!);
        const average = mean(w);
        variances += (n / (n - 1) ** 3) * w.reduce((sum, value) => sum + (value - average) ** 2, 0);
        squares += ((n / (n - 1)) * average) ** 2;
      }
    }
    const { shrinkage } = await fitPrior(tf.tensor2d(data), { kind: 'gaussian' });
    expect(variances / squares).toBeLessThan(1);
    expect(shrinkage.dataSync()[0]).toBeCloseTo(variances / squares, 4);
  });
  it('shrinks almost fully where the coordinates are independent', async () => {
    const { shrinkage } = await fitPrior(tf.randomNormal([30, 200], 0, 1, 'float32', 5) as tf.Tensor2D, { kind: 'gaussian' });
    expect(shrinkage.dataSync()[0]).toBeGreaterThan(0.9);
  });
});

describeOnRuntimes('a prior of neighbors', () => {
  it('mixes with weights uniform on the simplex', async () => {
    const n = 4; // corners of a simplex: all equally near, and a sample is its own weights
    const samples = await drawn(tf.eye(n), { kind: 'neighbors', neighbors: n - 1 }, { count: 20_000, seed: 2 });
    for (let i = 0; i < n; i++) {
      expect(mean(column(samples, i))).toBeCloseTo(1 / n, 2);
      expect(covariance(samples, i, i)).toBeCloseTo((n - 1) / (n * n * (n + 1)), 2);
    }
    for (const sample of samples.slice(0, 100)) {
      expect(Math.min(...sample)).toBeGreaterThanOrEqual(0);
      expect(sample.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
    }
  });
  it('never mixes across clusters and draws from each as often as it has embeddings', async () => {
    const clusters = [[1000], [1000.5], [1001], [3000], [3000.5], [3001]];
    const samples = await drawn(tf.tensor2d(clusters), { kind: 'neighbors', neighbors: 2 }, { count: 4000, seed: 3 });
    const values = column(samples, 0);
    expect(values.every((value) => (value >= 1000 && value <= 1001) || (value >= 3000 && value <= 3001))).toBe(true);
    expect(values.filter((value) => value < 2000).length / values.length).toBeCloseTo(0.5, 1);
  });
  it('finds the nearest, each embedding itself first', async () => {
    const { neighbors } = await fitPrior(
      tf.tensor2d([
        [0, 0],
        [1, 0],
        [5, 0],
        [6.5, 0],
      ]),
      { kind: 'neighbors', neighbors: 1 },
    );
    expect(neighbors.arraySync()).toEqual([
      [0, 1],
      [1, 0],
      [2, 3],
      [3, 2],
    ]);
  });
});

describeOnRuntimes('samplePrior', () => {
  const kinds = [{ kind: 'gaussian' }, { kind: 'neighbors' }] as const;
  it.each(kinds)('repeats a seed and no other: $kind', async (options) => {
    const prior = await fitPrior(tf.tensor2d(rows), options);
    const draw = (seed: number) => [...samplePrior(prior, 3, { seed }).dataSync()];
    expect(draw(0)).toEqual(draw(0));
    expect(draw(0)).not.toEqual(draw(1));
  });
  it.each(kinds)('leaks no tensor: $kind', async (options) => {
    const embeddings = tf.tensor2d(rows);
    const before = tf.memory().numTensors;
    const prior = await fitPrior(embeddings, options);
    tf.dispose([prior, samplePrior(prior, 3, { seed: 1 })]);
    expect(tf.memory().numTensors).toBe(before);
  });
  it.each(kinds)('refuses an embedding of which one number is none, naming row and column: $kind', async (options) => {
    for (const value of [NaN, Infinity, -Infinity]) {
      const embeddings = tf.tensor2d([
        [1, 2],
        [3, value],
        [5, 6],
      ]);
      const before = tf.memory().numTensors;
      await expect(fitPrior(embeddings, options)).rejects.toMatchObject({
        code: 'INVALID_OPTION',
        message: `fitPrior: expected finite numbers, got ${value} at [1, 1] of embeddings; leave it out, or take weights from before the training diverged`,
      });
      expect(tf.memory().numTensors).toBe(before);
    }
  });
  it('refuses impossible embeddings, options, counts and seeds', async () => {
    await expect(fitPrior(tf.zeros([1, 4]), { kind: 'gaussian' })).rejects.toThrow(/at least two networks, got \[1,4\]/);
    await expect(fitPrior(tf.zeros([4]) as tf.Tensor as tf.Tensor2D, { kind: 'gaussian' })).rejects.toThrow(/got \[4\]/);
    await expect(fitPrior(tf.tensor2d(rows), { kind: 'gaussian', shrinkage: 1.5 })).rejects.toThrow(/in \[0, 1\] or 'auto', got 1.5/);
    await expect(fitPrior(tf.tensor2d(rows), { kind: 'neighbors', neighbors: 4 })).rejects.toThrow(/from 1 to 3 for 4 embeddings, got 4/);
    const prior = await fitPrior(tf.tensor2d(rows), { kind: 'neighbors' });
    expect(() => samplePrior(prior, 0, { seed: 1 })).toThrow(/positive whole number of samples, got 0/);
    expect(() => samplePrior(prior, 1, { seed: 0.5 })).toThrow(/seed to be an integer from 0 up, got 0.5/);
    expect(() => samplePrior(prior, 1e9, { seed: 1 })).toThrow(/at most \d+ samples of this prior at once, got 1000000000/);
    const gaussian = await fitPrior(tf.tensor2d(rows), { kind: 'gaussian' });
    expect(() => samplePrior(gaussian, 1e9, { seed: 1 })).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }));
  });
});
