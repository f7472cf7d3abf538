import { describe, expect, it } from 'vitest';

import { changed, replacedWhole, sweepRuns } from './sweep-runs.js';

const none = { grid: {}, runs: [], seeds: undefined };

describe('sweepRuns', () => {
  it('gives each combination with each seed, then the listed runs', () => {
    const runs = sweepRuns({ grid: { learningRate: [0.1, 0.01], 'space.embeddingSize': [64, 128] }, runs: [{ steps: 5 }], seeds: [3, 4] });
    expect(runs.map(({ name }) => name)).toEqual([
      ...['learningRate-0.1_embeddingSize-64_seed-3', 'learningRate-0.1_embeddingSize-64_seed-4'],
      ...['learningRate-0.1_embeddingSize-128_seed-3', 'learningRate-0.1_embeddingSize-128_seed-4'],
      ...['learningRate-0.01_embeddingSize-64_seed-3', 'learningRate-0.01_embeddingSize-64_seed-4'],
      ...['learningRate-0.01_embeddingSize-128_seed-3', 'learningRate-0.01_embeddingSize-128_seed-4'],
      ...['steps-5_seed-3', 'steps-5_seed-4'],
    ]);
    expect(runs[2]!.changes).toEqual({ learningRate: 0.1, 'space.embeddingSize': 128, seed: 3 });
  });
  it('is the config alone where nothing differs, and the list alone without a grid', () => {
    expect(sweepRuns(none)).toEqual([{ name: 'config', changes: {} }]);
    expect(sweepRuns({ ...none, runs: [{ steps: 1 }] })).toEqual([{ name: 'steps-1', changes: { steps: 1 } }]);
  });
  it('makes names of folders of any value, each once', () => {
    const task = (alpha: number) => ({ kind: 'classification', teacher: 'targets', alpha });
    const names = sweepRuns({ ...none, grid: { task: [task(1), task(2)], zoo: ['../a b/c'] } }).map(({ name }) => name);
    expect(names).toEqual(['task--kind-classification-tea_zoo-..-a-b-c', 'task--kind-classification-tea_zoo-..-a-b-c-2']);
    for (const name of names) expect(name).toMatch(/^[\w.+-]+$/);
  });
  it('makes names that differ even if a value looks like the number of another run, or differs in case alone', () => {
    const names = sweepRuns({ ...none, grid: { zoo: ['a b', 'a/b', 'a b 2', 'A-B', 'a_b'] } }).map(({ name }) => name.toLowerCase());
    expect(new Set(names).size).toBe(5);
  });
  it('refuses more runs than can be listed, before it makes them', () => {
    const ten = Array.from({ length: 10 }, (_, i) => i);
    const grid = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`key${i}`, ten]));
    expect(() => sweepRuns({ ...none, grid })).toThrow(/expected at most 10000 runs, got 1000000000000; give the keys/);
  });
  it('refuses the same run twice', () => {
    expect(() => sweepRuns({ ...none, grid: { steps: [1, 2] }, runs: [{ steps: 2 }] })).toThrow(/same as run 2 and run 3: {"steps":2}/);
  });
});

describe('replacedWhole', () => {
  it('names keys with keys of their own that one plain value replaces', () => {
    const config = { learningRate: { kind: 'cosine', learningRate: 0.1 }, steps: 3 };
    const runs = sweepRuns({ ...none, grid: { learningRate: [0.1, 0.2] }, runs: [{ steps: 4 }, { 'learningRate.learningRate': 0.3 }] });
    expect(replacedWhole(config, runs)).toEqual(['learningRate']);
    expect(replacedWhole({ ...config, learningRate: 0.1 }, runs)).toEqual([]);
  });
});

describe('changed', () => {
  it('changes keys within keys, and leaves the rest', () => {
    const config = { steps: 1, space: { preset: 'tiny', seed: 2 } };
    expect(changed(config, { 'space.seed': 3, 'batch.nets': 4 })).toEqual({
      steps: 1,
      space: { preset: 'tiny', seed: 3 },
      batch: { nets: 4 },
    });
    expect(config.space.seed).toBe(2);
  });
  it('refuses keys of what has none', () => {
    expect(() => changed({ steps: 1 }, { 'steps.most': 3 })).toThrow(/expected keys in steps for steps.most, got 1/);
    expect(() => changed({}, { '__proto__.a': 3 })).toThrow(/expected a key/);
    expect(() => changed({}, { 'a..b': 3 })).toThrow(/expected a key/);
  });
});
