import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { disposeInstances } from '@netspace/prep';
import { architectureByName, initialize, openInstanceStore } from '@netspace/zoo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { directoryFiles } from '../../files/directory-files.js';
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
  it('refuses to refine on the data that it measures on before the first training', async () => {
    const architecture = architectureByName('siren-2-8x0-3');
    const instance = { architecture, parameters: initialize(architecture.parameters, { seed: 0 }) };
    await openInstanceStore(directoryFiles(at('pictures'))).add({ name: 'one', instance, epochs: 0, seed: 0, metrics: {} });
    disposeInstances([instance]);
    await writeFile(at('points.csv'), 'x,y\n0,0\n0,1\n1,0\n');
    await writeFile(at('space.json'), JSON.stringify({ ...config, zoo: 'pictures', task: { kind: 'rgb' } }));
    await sweep({ evaluate: { data: 'points.csv', refine: 2 } });
    await fails(
      /sweep: expected data, or evaluate\.data, with a training half beside evaluate\.refine, got .*points\.csv, which is the test half too/,
      ...['sweep', at('sweep.json'), '--out', at('runs')],
    );
    expect(await readdir(at('runs'))).not.toContain('config');
    await writeFile(at('space.json'), JSON.stringify(config));
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
