import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect } from 'vitest';

import { netspace } from './in-process.js';

export const group = { unit: 'steps', batchSize: 16, optimizer: { kind: 'adam', learningRate: 0.003 } };
export const names = { small: 'lenet-like-1x28x28-10-w0.1', large: 'vanilla-cnn-1x28x28-10-w0.1' };
const recipe = {
  groups: [
    { ...group, architecture: names.small, seeds: 2, lengths: [2, 40] },
    { ...group, architecture: names.large, seeds: 1, lengths: [2] },
  ],
};
export const training = {
  ...{ zoo: 'zoo', holdOut: { seeds: [1] }, space: { preset: 'tiny', decoderChannels: 8 }, batch: { nets: 2, inputs: 8 } },
  ...{ steps: 24, learningRate: 0.001, seed: 4, readEvery: 2, checkpointEvery: 5 },
};
export interface ZooList {
  readonly instances: readonly { readonly name: string; readonly sha256: string }[];
}

/**
 * Registers with the file that calls it: a folder for its tests, with a `zoo` of five classifiers of digits, which `recipe.json` asks for, and a `run` of a
 * space of them, which `train.json` asks for.
 *
 * @returns paths in the folder
 */
export function digitsRun({ of }: { readonly of: 'nothing' | 'zoo' | 'zoo and run' }): (...names: readonly string[]) => string {
  let folder: string;
  const at = (...path: readonly string[]) => join(folder, ...path);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'netspace-cli-'));
    if (of === 'nothing') return;
    await writeFile(at('recipe.json'), JSON.stringify(recipe));
    await writeFile(at('train.json'), JSON.stringify({ ...training, zoo: at('zoo') }));
    const built = await netspace<ZooList & { added: number }>(
      ...['zoo', 'build', at('recipe.json'), '--out', at('zoo'), '--train-images', '400', '--test-images', '50'],
    );
    expect(built.added).toBe(5);
    if (of === 'zoo and run') await netspace('train', at('train.json'), '--out', at('run'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  return at;
}
