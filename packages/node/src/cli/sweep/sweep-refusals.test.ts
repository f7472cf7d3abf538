import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { fails } from '../testing/command-here.js';

let folder: string;
const at = (...names: readonly string[]): string => join(folder, ...names);
const config = {
  zoo: fileURLToPath(new URL('../../../../../pretrained/digits/zoo-heldout', import.meta.url)),
  steps: 2,
  learningRate: 0.001,
};
const sweep = (value: object): Promise<void> => writeFile(at('sweep.json'), JSON.stringify({ config: 'space.json', ...value }));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netspace-sweep-'));
  await writeFile(at('space.json'), JSON.stringify(config));
});
afterAll(() => rm(folder, { recursive: true }));

describe('netspace sweep', () => {
  it('refuses data without labels for classifiers before the first training, and says what to name', async () => {
    await sweep({ evaluate: { data: 'normal:28x28x1#count=4' } });
    await fails(
      /expected labels in normal:28x28x1, test half for classifiers, got none; random inputs have none: name a data set that has/,
      'sweep',
      at('sweep.json'),
      '--out',
      at('runs'),
    );
    expect(await readdir(at('runs'))).not.toContain('config');
  });
  it('looks for the data that it measures on beside its file', async () => {
    await sweep({ evaluate: { data: 'nothing.npz' } });
    await fails(new RegExp(at('nothing.npz')), 'sweep', at('sweep.json'), '--out', at('runs'));
  });
  it('says what has changed since a run began', async () => {
    await sweep({ seeds: [4] });
    await mkdir(at('runs', 'seed-4'), { recursive: true });
    const record = { command: 'train', state: 'stopped', config: { ...config, data: 'mnist', seed: 4, learningRate: 0.1 } };
    await writeFile(at('runs', 'seed-4', 'run.json'), JSON.stringify(record));
    await fails(/expected .*sweep\.json, with its config, to say of .*seed-4 what it said when that run began, got another learningRate \(learningRate from 0\.1 to 0\.001\); name another folder for --out/, 'sweep', at('sweep.json'), '--out', at('runs')); // prettier-ignore
  });
});
