import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { NetSpace } from '@netspace/model';
import { initialize, siren } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { selectRuntime, type SelectedRuntime } from '../runtime/select-runtime.js';
import { readRunRecord } from './run-record.js';
import { spaceRunFolder, trainOrLoadSpace, type SpaceRun } from './train-or-load.js';

let within: string;
let runtime: SelectedRuntime;

beforeAll(async () => {
  within = await mkdtemp(join(tmpdir(), 'netspace-runs-'));
  runtime = await selectRuntime({ prefer: 'wasm' });
});
afterAll(() => rm(within, { recursive: true, force: true }));

const architecture = siren({ hidden: 8, layers: 0 });
const runOf = (name: string, { steps = 8, learningRate = 1e-3 as SpaceRun['training']['learningRate'] } = {}): SpaceRun => ({
  ...{ within, name },
  space: { architectures: [architecture], prepShape: [4, 16], preset: 'tiny', seed: 3 },
  training: {
    instances: [1, 2, 3].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) })),
    ...{
      task: { kind: 'weights' },
      steps,
      batch: { nets: 2 },
      learningRate: learningRate!,
      readEvery: 3,
      seed: 1,
      identity: 'three SIRENs',
    },
  },
});
const weights = (space: NetSpace): readonly number[][] => Object.values(space.variables).map((variable) => [...variable.dataSync()]);
const watch = {
  every: 4,
  measure: (space: NetSpace, step: number) => Promise.resolve({ half: step / 2, first: Object.values(space.variables)[0]!.dataSync()[0]! }),
};

describe('trainOrLoadSpace', () => {
  it('leaves config, seed, versions, state, metrics and the space in one folder', async () => {
    const { space, folder, curve } = await trainOrLoadSpace(runOf('whole'), { runtime, watch });
    expect((await readdir(folder)).sort()).toEqual([
      ...['checkpoint.safetensors', 'metrics.jsonl', 'run.json', 'space.json', expect.stringMatching(/^weights-.*\.bin$/)],
    ]);
    expect(await readRunRecord(folder)).toMatchObject({
      ...{ command: 'train whole', seed: 1, state: 'done', runtime: { name: 'wasm' }, result: { steps: 8 } },
      versions: { node: process.versions.node, tfjs: tf.version_core },
      config: { space: { prepShape: [4, 16], seed: 3 }, training: { learningRate: 1e-3, batch: { nets: 2 } }, identity: 'three SIRENs' },
    });
    expect(curve.map((point) => Object.keys(point).join(' '))).toEqual(['step loss', 'step half first', 'step loss', 'step half first']);
    expect(curve.map(({ step }) => step)).toEqual([3, 4, 6, 8]);
    expect(curve[1]!['half']).toBe(2);
    space.dispose();
  });
  it('records that embeddings were free: who uses the space refines them', async () => {
    const plain = runOf('free');
    const { space, folder } = await trainOrLoadSpace({ ...plain, training: { ...plain.training, embeddings: 'free' } }, { runtime });
    expect((await readRunRecord(folder))?.result).toMatchObject({ embeddings: 'free', steps: 8 });
    space.dispose();
  });
  it('loads what was trained with the same settings, without a step', async () => {
    const { space, folder } = await trainOrLoadSpace(runOf('again'), { runtime, watch });
    const steps: number[] = [];
    const loaded = await trainOrLoadSpace(runOf('again'), { runtime, watch, onStep: ({ step }) => steps.push(step) });
    expect(steps).toEqual([]);
    expect(loaded.folder).toBe(folder);
    expect(loaded.curve).toHaveLength(4);
    expect(weights(loaded.space)).toEqual(weights(space));
    space.dispose();
    loaded.space.dispose();
  });
  it('goes on where it was stopped, and prolongs what was finished, to the bits of one run', async () => {
    const alone = await trainOrLoadSpace(runOf('alone', { steps: 12 }), { runtime, watch });
    const controller = new AbortController();
    const stop = ({ step }: { readonly step: number }) => step === 5 && controller.abort();
    const run = runOf('parts');
    const stopped = trainOrLoadSpace(run, { runtime, watch, signal: controller.signal, onStep: stop });
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await readRunRecord(spaceRunFolder(run))).toMatchObject({ state: 'stopped', result: { step: 5 } });
    const eight = await trainOrLoadSpace(run, { runtime, watch });
    expect(eight.curve.map(({ step }) => step)).toEqual([3, 4, 6, 8]);
    const twelve = await trainOrLoadSpace(runOf('parts', { steps: 12 }), { runtime, watch });
    expect(twelve.folder).toBe(eight.folder);
    expect(weights(twelve.space)).toEqual(weights(alone.space));
    expect(twelve.curve).toEqual(alone.curve);
    const metrics = ({ folder }: typeof alone) => readFile(join(folder, 'metrics.jsonl'), 'utf8');
    expect(await metrics(twelve)).toBe(await metrics(alone));
    for (const { space } of [alone, eight, twelve]) space.dispose();
  });
});

describe('spaceRunFolder', () => {
  it('depends on all that shapes the space, on the length only where the learning rate does', () => {
    const folders = [
      runOf('a'),
      runOf('a', { steps: 9 }),
      runOf('a', { learningRate: 1e-2 }),
      runOf('a', { learningRate: { kind: 'cosine', learningRate: 1e-3 } }),
      runOf('a', { learningRate: { kind: 'cosine', learningRate: 1e-3 }, steps: 9 }),
      { ...runOf('a'), training: { ...runOf('a').training, identity: 'others' } },
    ].map(spaceRunFolder);
    expect(folders[1]).toBe(folders[0]);
    expect(new Set(folders).size).toBe(5);
  });
});
