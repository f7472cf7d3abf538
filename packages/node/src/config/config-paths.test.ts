import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { dataForConfig, dataOfConfig, pathForConfig, pathOfConfig } from './config-paths.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netspace-paths-'));
  await Promise.all([mkdir(join(folder, 'zoo')), mkdir(join(folder, 'packages')), writeFile(join(folder, 'half-test.npz'), '')]);
});
afterAll(() => rm(folder, { recursive: true }));

const place = () => ({ key: 'zoo', folder });

describe('pathOfConfig', () => {
  it('counts from the config, also if the working directory has the same', async () => {
    expect(await pathOfConfig('zoo', place())).toBe(join(folder, 'zoo'));
    expect(await pathOfConfig('packages', place())).toBe(join(folder, 'packages')); // this repository has that folder too
    expect(await pathOfConfig('nowhere', place())).toBe(join(folder, 'nowhere'));
  });
  it('leaves absolute paths, buckets, and a config of the working directory as they are', async () => {
    for (const path of ['/zoo', 's3://bucket/zoo']) expect(await pathOfConfig(path, place())).toBe(path);
    expect(await pathOfConfig('./packages', { key: 'zoo', folder: '.' })).toBe('./packages');
  });
  it('refuses what is nowhere from the config and somewhere from here, naming both, and what to write', async () => {
    const found = relative(folder, 'docs');
    await expect(pathOfConfig('docs', place())).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: `zoo: expected docs as seen from the config, got nothing at ${join(folder, 'docs')}, and something at docs as seen from here; write "${found}" in the config if you mean that`,
    });
    expect(await pathOfConfig(found, place())).toBe(join(folder, found));
  });
});

describe('dataOfConfig', () => {
  it('finds the path in a name of data', async () => {
    expect(await dataOfConfig('mnist', place())).toBe('mnist');
    expect(await dataOfConfig('normal:28x28x1', place())).toBe('normal:28x28x1');
    expect(await dataOfConfig('cifar10:images#train=20', place())).toBe(`cifar10:${join(folder, 'images')}#train=20`);
    expect(await dataOfConfig('half-{split}.npz#std=255', place())).toBe(`${join(folder, 'half-{split}.npz')}#std=255`);
    await expect(dataOfConfig('tiny-imagenet-32:docs', place())).rejects.toThrow(/expected docs as seen from the config/);
    await expect(dataOfConfig('cifar10:docs#test=5', place())).rejects.toThrow(/expected docs as seen from the config/);
  });
});

describe('pathForConfig', () => {
  it('is what pathOfConfig undoes', async () => {
    const file = join(folder, 'space.jsonc');
    expect(await pathOfConfig(pathForConfig('docs', file), place()).then((path) => relative('.', path))).toBe('docs');
    expect(pathForConfig('./docs', 'space.jsonc')).toBe('./docs');
    expect(dataForConfig('cifar10:docs', 'docs/guide/zoo.jsonc')).toBe('cifar10:..');
    expect(dataForConfig('docs/a.npz#std=255', 'docs/zoo.jsonc')).toBe('a.npz#std=255');
    expect(dataForConfig('cifar10:PATH', 'docs/zoo.jsonc')).toBe('cifar10:PATH');
    expect(dataForConfig('mnist', 'docs/zoo.jsonc')).toBe('mnist');
  });
});
