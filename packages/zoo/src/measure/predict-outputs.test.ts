import { describeOnRuntimes } from '@netspace/testing';
import type { Instance } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';

import { createTensorDataset } from '../datasets/tensors/tensor-dataset.js';
import { outputError, predictOutputs, targetError } from './predict-outputs.js';

const network = (apply: (x: tf.Tensor) => tf.Tensor): Instance => ({
  architecture: { name: 'formula', parameters: [], apply: (_, x) => tf.tidy(() => apply(x)) },
  parameters: [],
});
const x = createTensorDataset({ name: 'x', inputs: Float32Array.of(0, 1, 2, 3, 4), shape: [1], targets: Float32Array.of(0, 2, 4, 6, 9), targetShape: [1] }); // prettier-ignore
const doubled = network((given) => tf.mul(given, 2));

describeOnRuntimes('predictOutputs', () => {
  it('gives all numbers in order, whatever the batches', async () => {
    for (const batchSize of [1, 2, 5, 250]) {
      const both = network((given) => tf.concat([given, tf.neg(given)], 1));
      const { values, width } = await predictOutputs(both, x, { batchSize });
      expect([width, [...values].map((value) => value + 0)]).toEqual([2, [0, 0, 1, -1, 2, -2, 3, -3, 4, -4]]);
    }
  });
  it('compares them with the targets of the data: MSE 1/5, R² 1 - 1/48.8', async () => {
    const { mse, r2 } = await targetError(doubled, x);
    expect(mse).toBeCloseTo(0.2, 6);
    expect(r2).toBeCloseTo(1 - 1 / 48.8, 6); // Σ(y - 4.2)² = 137 - 5 · 4.2²
  });
  it('refuses what is no row for each input, no number, and no targets', async () => {
    const before = tf.memory().numTensors;
    await expect(predictOutputs(network((given) => tf.sum(given)), x)).rejects.toThrow(/one row .* for each of 5 inputs, got \[\]/); // prettier-ignore
    await expect(predictOutputs(network((given) => tf.div(1, given)), x)).rejects.toThrow(/finite outputs of formula, got Infinity for input 0 of x/); // prettier-ignore
    const { targets: _, targetShape: __, ...bare } = x;
    await expect(targetError(doubled, createTensorDataset(bare))).rejects.toThrow(/expected targets in x, got none; .*targets=NAME/);
    await expect(targetError(network((given) => tf.concat([given, given], 1)), x)).rejects.toThrow(/expected 1 outputs of formula .* got 2/); // prettier-ignore
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('outputError', () => {
  it('is 0 and 1 for equal numbers, and has no R² for constant ones', () => {
    expect(outputError([1, 2], [1, 2], 1)).toEqual({ mse: 0, r2: 1 });
    expect(outputError([1, 2], [3, 3], 1)).toEqual({ mse: 2.5, r2: null });
    const same = Float32Array.from({ length: 1000 }, () => 0.1);
    expect(outputError(same, same, 1).r2).toBeNull();
  });
  it('takes the mean of each output by itself', () => expect(outputError([0, 100, 2, 100], [0, 100, 2, 102], 2).r2).toBe(1 - 4 / 4));
});
