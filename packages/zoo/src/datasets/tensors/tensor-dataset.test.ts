import { describeOnRuntimes } from '@netspace/testing';
import { describe, expect, it } from 'vitest';

import { splitDataset } from '../split-dataset.js';
import { subsetDataset } from '../subset-dataset.js';
import { tensorBatch } from './tensor-batch.js';
import { createTensorDataset } from './tensor-dataset.js';
import { thinDataset } from '../thin-dataset.js';

const parts = { name: 'rows', inputs: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2], labels: Uint8Array.of(0, 1, 1), classes: 2 };
const rows = createTensorDataset({ ...parts, targets: Float32Array.of(10, 20, 30), targetShape: [1] });

describeOnRuntimes('tensorBatch', () => {
  it('gathers inputs, labels and targets', async () => {
    const { inputs, labels, targets } = tensorBatch(rows, [2, 0, 2]);
    expect(await Promise.all([inputs.array(), labels!.array(), targets!.array()])).toEqual([
      [[5, 6], [1, 2], [5, 6]], // prettier-ignore
      [1, 0, 1],
      [[30], [10], [30]],
    ]);
    const tokens = createTensorDataset({ name: 'tokens', inputs: Int32Array.of(7, 8), shape: [2] });
    expect(tensorBatch(tokens, [0]).inputs.dtype).toBe('int32');
    expect(() => tensorBatch(rows, [3])).toThrow(/indices from 0 to 2 for rows, got 3/);
  });
});

describe('createTensorDataset', () => {
  it('has parts that are chosen, thinned and split as images are', () => {
    expect(subsetDataset(rows, [2])).toMatchObject({ count: 1, inputs: Float32Array.of(5, 6), targets: Float32Array.of(30), labels: Uint8Array.of(1) }); // prettier-ignore
    expect(thinDataset(rows, 1).count).toBe(1);
    expect(splitDataset(rows, { counts: [1, 2] }).map(({ count }) => count)).toEqual([1, 2]);
  });
  it.each([
    [{ shape: [4] }, /inputs of \[4\] in rows, 4 numbers each, got 6 numbers/],
    [{ labels: Uint8Array.of(0) }, /3 labels in rows, got 1/],
    [{ classes: 1 }, /labels below 1 in rows, got 1 for input 1/],
    [{ classes: undefined }, /labels and classes of rows/],
    [{ targets: Float32Array.of(1) }, /targets and targetShape/],
    [{ targets: Float32Array.of(1), targetShape: [1] }, /3 targets of \[1\] in rows, got 1 numbers/],
    [{ inputs: [1, 2] }, /a Float32Array or Int32Array as inputs of rows, got Array/],
    [{ shape: [2, 0] }, /positive integers/],
    [{ parts: [{ name: 'b', shape: [1], dtype: 'float32' }, { name: 'a', shape: [1], dtype: 'float32' }] }, /in the order of their names, .* got b, a and \[2\]/], // prettier-ignore
    [{ parts: [{ name: 'a', shape: [1], dtype: 'float32' }, { name: 'b', shape: [2], dtype: 'float32' }] }, /as inputs a Float32Array of \[3\]/], // prettier-ignore
  ])('refuses %j', (change, words) => {
    expect(() => createTensorDataset({ ...parts, ...change } as Parameters<typeof createTensorDataset>[0])).toThrow(words);
  });
});
