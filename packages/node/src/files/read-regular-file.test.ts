import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readConfigFile } from '../config/read-config-file.js';
import { loadCifar10 } from '../datasets/load-cifar10.js';
import { readInstance } from '../cli/files/instance-file.js';
import { architectureByName, openInstanceStore } from '@netspace/zoo';
import { NetSpace } from '@netspace/model';
import { anything } from '@netspace/prep/internal';
import { directoryFiles } from './directory-files.js';
import { fileHandler } from './file-handler.js';
import { checkpointFile } from './checkpoint-file.js';
import { readRegularFile } from './read-regular-file.js';
import { fingerprint } from '../hub/list-folder.js';
import { readMeasures } from '../zoos/tables/measures.js';
import { rayTune } from '../zoos/layouts/ray-tune.js';
import { smallCnn } from '../zoos/layouts/small-cnn.js';
import { readRunRecord } from '../runs/run-record.js';

let folder: string;
const at = (...names: readonly string[]) => join(folder, ...names);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netspace-read-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('readRegularFile', () => {
  it('gives the bytes, up to the limit', async () => {
    await writeFile(at('file'), 'hello');
    expect((await readRegularFile('test', at('file'), 5)).toString()).toBe('hello');
    await expect(readRegularFile('test', at('file'), 4)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    await writeFile(at('empty'), '');
    expect(await readRegularFile('test', at('empty'), 5)).toHaveLength(0);
  });
  it.skipIf(process.platform !== 'linux')('reads files whose size is not known beforehand', async () => {
    expect((await readRegularFile('test', '/proc/self/status', 1e6)).toString()).toMatch(/^Name:/);
    await expect(readRegularFile('test', '/proc/self/status', 10)).rejects.toThrow(/at most 10 bytes .* got more/);
  });
});

// Each is what somebody may have put in place of a file; without the check they are read for ever, or wait for ever.
describe.skipIf(process.platform === 'win32')('every reader of a file', () => {
  const lenet = architectureByName('lenet-like-1x28x28-10-w0.1');
  const readers: Readonly<Record<string, (kind: string) => Promise<unknown>>> = {
    config: (kind) => readConfigFile(at(kind), anything, { example: { config: '', command: '' } }),
    instance: (kind) => readInstance(at(kind), lenet),
    checkpoint: async (kind) => checkpointFile(at(kind)).read(),
    'CIFAR-10': (kind) => loadCifar10(at(kind, 'in', 'data_batch_1.bin')),
    space: (kind) => NetSpace.load(fileHandler(at(kind, 'in')), { architectures: architectureByName }),
    store: (kind) => openInstanceStore(directoryFiles(at(kind, 'in'))).list(),
    'run record': (kind) => readRunRecord(at(kind, 'in')),
    'table of measures': (kind) => readMeasures(at(kind, 'in', 'metrics.csv')),
    'measures as JSON lines': (kind) => readMeasures(at(kind, 'in', 'metrics.jsonl')),
    'Small CNN Zoo': (kind) => smallCnn({ folder: at(kind, 'in') }),
    'Ray Tune': async (kind) => {
      for await (const _ of (await rayTune({ folder: at(kind, 'in') })).networks);
    },
    fingerprint: (kind) => fingerprint(at(kind, 'in', 'weights.npy')),
  };
  const run = 'NN_tune_trainable_ab12c_00000_0';
  const inFolder = [
    'data_batch_1.bin',
    'space.json',
    'manifest.json',
    'run.json',
    'metrics.csv',
    'metrics.jsonl',
    'weights.npy',
    `${run}/result.json`,
  ];

  it.each([
    ['device', (path: string) => symlink('/dev/zero', path), /got a device/],
    ['pipe', (path: string) => Promise.resolve(execFileSync('mkfifo', [path])), /got a pipe/],
    ['folder', (path: string) => mkdir(path), /got a folder|it is a folder/],
  ] as const)('refuses a %s by name', async (kind, make, message) => {
    const base = `${kind}-cases`;
    await mkdir(at(base, 'in', run, 'checkpoint_1'), { recursive: true });
    await writeFile(at(base, 'in', run, 'params.json'), '{}');
    await make(at(kind));
    for (const name of inFolder) await make(at(base, 'in', name));
    for (const [what, read] of Object.entries(readers)) {
      if (what === 'CIFAR-10' && kind === 'folder') continue; // a folder is a data set there
      const own = ['config', 'instance', 'checkpoint'].includes(what) ? kind : base;
      await expect(read(own), what).rejects.toMatchObject({ name: 'NetSpaceError', message: expect.stringMatching(message) as string });
    }
  });
});
