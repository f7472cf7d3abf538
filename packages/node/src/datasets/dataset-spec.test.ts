import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ImageDataset, TensorDataset } from '@netspace/zoo';
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

  it('takes the first images of a half, and leaves some of the training half out', async () => {
    const { kind, load } = parseDatasetSpec('mnist#train=600#test=200#validation=10');
    const whole = parseDatasetSpec('mnist');
    const [train, test, all, allTest] = (await Promise.all([
      load('train'),
      load('test'),
      whole.load('train'),
      whole.load('test'),
    ])) as ImageDataset[];
    expect([kind, train!.count, test!.count]).toEqual(['mnist', 540, 200]);
    const rows = (dataset: ImageDataset, from: number, to: number) => Buffer.from(dataset.images.subarray(784 * from, 784 * to));
    expect(rows(train!, 0, 9).equals(rows(all!, 1, 10))).toBe(true);
    expect(rows(train!, 9, 18).equals(rows(all!, 11, 20))).toBe(true);
    expect([...test!.labels]).toEqual([...allTest!.labels.subarray(0, 200)]);
    await expect(parseDatasetSpec('mnist#test=2001').load('test')).rejects.toThrow(/at most the 2000 images of mnist-test, got 2001/);
  });

  const data = testData('tiny-imagenet-200');
  it.skipIf(data.missing)(`loads tiny-imagenet, validation images as its test split${data.note}`, async () => {
    const { kind, load } = parseDatasetSpec(`tiny-imagenet:${data.path}`);
    expect([kind, (await load('test')).name]).toEqual(['tiny-imagenet', 'tiny-imagenet-val']);
  });

  it('draws random inputs of a shape, or of several by name, other ones for the test', async () => {
    const { load } = parseDatasetSpec('normal:20x5#count=400#mean=3#std=2#seed=4');
    const [train, test, again] = (await Promise.all([load('train'), load('test'), load('train')])) as TensorDataset[];
    expect(train).toMatchObject({ count: 400, shape: [20, 5] });
    const numbers = [...train!.inputs];
    const mean = numbers.reduce((sum, value) => sum + value, 0) / 40_000;
    const variance = numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 40_000;
    expect([mean, Math.sqrt(variance)]).toEqual([expect.closeTo(3, 1), expect.closeTo(2, 1)]);
    expect(again!.inputs).toEqual(train!.inputs);
    expect(test!.inputs).not.toEqual(train!.inputs);
    const both = (await parseDatasetSpec('uniform:b=2x2,a=3#count=50#low=0').load('test')) as TensorDataset;
    expect(both).toMatchObject({ parts: [{ name: 'a', shape: [3] }, { name: 'b', shape: [2, 2] }], shape: [7], count: 50 }); // prettier-ignore
    expect([Math.min(...both.inputs) >= 0, Math.max(...both.inputs) > 0.9, Math.max(...both.inputs) < 1]).toEqual([true, true, true]);
  });
  it.each([
    ['mnits', /got "mnits"; did you mean mnist\?/],
    ['mnist#validatoin=10', /unknown option validatoin; did you mean validation/],
    ['mnist#train=0', /expected train to be a positive integer/],
    ['normal:', /normal:SHAPE or uniform:SHAPE/],
    ['normal:3x0', /sizes are positive integers/],
    ['normal:2,3', /one input has no name, several have one each/],
    ['normal:a=2', /one input has no name, several have one each/],
    ['uniform:4#low', /give #low a value/],
    ['uniform:4#std=1', /unknown option std/],
    ['normal:4096x4096#count=4096', /at most 134217728 random numbers/],
  ])('refuses "%s"', (spec, words) => expect(() => void parseDatasetSpec(spec).load('train')).toThrow(words));

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
