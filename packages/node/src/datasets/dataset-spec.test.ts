import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { parseDatasetSpec } from './dataset-spec.js';
import { testData } from './test-data.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netspace-spec-'));
  await writeFile(join(folder, 'data_batch_1.bin'), new Uint8Array(2 * 3073));
  await writeFile(join(folder, 'test_batch.bin'), new Uint8Array(3073));
});
afterAll(() => rm(folder, { recursive: true }));

describe('parseDatasetSpec', () => {
  it('loads mnist', async () => {
    const { kind, load } = parseDatasetSpec('mnist');
    expect([kind, (await load('train')).name, (await load('test')).count]).toEqual(['mnist', 'mnist-train', 2000]);
  });

  it('loads cifar10 from a folder or one file', async () => {
    const { kind, load } = parseDatasetSpec(`cifar10:${folder}`);
    expect([kind, (await load('train')).count, (await load('test')).count]).toEqual(['cifar10', 2, 1]);
    expect((await parseDatasetSpec(`cifar10:${join(folder, 'data_batch_1.bin')}`).load('test')).count).toBe(2);
  });

  it('loads cifar10 at half its size', async () => {
    const { kind, load } = parseDatasetSpec(`cifar10-16:${folder}`);
    const { name, shape, count } = await load('train');
    expect([kind, name, shape, count]).toEqual(['cifar10', 'cifar10-16-train', [16, 16, 3], 2]);
  });

  const data = testData('tiny-imagenet-200');
  it.skipIf(data.missing)(`loads tiny-imagenet, validation images as its test split${data.note}`, async () => {
    const { kind, load } = parseDatasetSpec(`tiny-imagenet:${data.path}`);
    expect([kind, (await load('test')).name]).toEqual(['tiny-imagenet', 'tiny-imagenet-val']);
  });

  it('keeps colons in the path', async () => {
    await expect(parseDatasetSpec('cifar10:C:/data').load('test')).rejects.toThrow('C:/data');
  });

  it.each(['cifar10', 'cifar10:', 'tiny-imagenet', 'mnist:path', 'imagenet:path', 'cifar10-16', ''])(
    'refuses "%s", listing the forms',
    (spec) => {
      expect(() => parseDatasetSpec(spec)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
      expect(() => parseDatasetSpec(spec)).toThrow(/mnist, cifar10:PATH .* tiny-imagenet:PATH/);
    },
  );

  it('names the path and what is expected there when nothing is', async () => {
    for (const kind of ['cifar10', 'tiny-imagenet']) {
      const { load } = parseDatasetSpec(`${kind}:/nowhere/at/all`);
      await expect(load('test')).rejects.toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
      await expect(load('test')).rejects.toThrow(/expected .*(data_batch|wnids\.txt).* at \/nowhere\/at\/all/);
    }
  });
});
