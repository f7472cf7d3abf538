import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { noisyCopy } from './noisy-copy.js';
import { networkTraits, novelty } from './novelty.js';
import { perfectClassifier, randomInstance, tinyClassifier, tinyDataset } from '../testing/spaces.js';

const traits = (weights: readonly number[], classes: readonly number[]) => ({
  weights: [{ data: Float32Array.from(weights), shape: [weights.length], groups: ['hidden'] }],
  classes: Int32Array.from(classes),
  accuracy: 0,
});

describe('novelty', () => {
  it('finds the nearest by weights, whatever the order of channels, and the nearest by outputs', () => {
    const known = [
      { name: 'reversed', ...traits([4, 3], [0, 0, 0, 0]) },
      { name: 'alike', ...traits([-3, 4], [1, 2, 0, 0]) },
    ];
    expect(novelty(traits([3, 4], [1, 2, 0, 1]), known)).toEqual({
      ...{ distance: 0, nearestByWeights: 'reversed' },
      ...{ agreement: 0.75, nearestByOutputs: 'alike' },
    });
    expect(novelty(traits([3, 4], [1, 2, 0, 1]), known.slice(1)).distance).toBeCloseTo(6 / 5, 6);
  });
  it('refuses to compare with nothing', () => {
    expect(() => novelty(traits([1], [1]), [])).toThrow(/at least one known network/);
  });
});

describe('networkTraits', () => {
  it('runs a network on as many images as asked', async () => {
    const { classes, accuracy, weights } = await networkTraits(perfectClassifier(), tinyDataset(), { limit: 20 });
    expect(classes).toHaveLength(20);
    expect(accuracy).toBe(1);
    expect(weights.map(({ shape }) => shape)).toEqual([[3, 4], [3]]);
  });
});

describe('noisyCopy', () => {
  it('adds noise in units of each tensor, the same for the same seed, and leaks nothing', () => {
    const instance = randomInstance(tinyClassifier({ hidden: 500 }), 1);
    const before = tf.memory().numTensors;
    const [a, again, other] = [1, 1, 2].map((seed) => noisyCopy(instance, { level: 0.1, seed }));
    expect(tf.memory().numTensors).toBe(before + 3 * instance.parameters.length);
    const values = ({ parameters }: typeof instance) => parameters.map((tensor) => [...tensor.dataSync()]);
    expect(values(a!)).toEqual(values(again!));
    expect(values(a!)).not.toEqual(values(other!));
    const { mean, variance } = tf.moments(tf.sub(a!.parameters[0]!, instance.parameters[0]!));
    expect(mean.dataSync()[0]).toBeCloseTo(0, 2);
    expect(Math.sqrt(variance.dataSync()[0]!)).toBeCloseTo(0.1, 2);
  });
});
