import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { loadCifar10 } from './load-cifar10.js';
import { testData } from './test-data.js';

let folder: string;
const records = (...labels: number[]) => Uint8Array.from(labels.flatMap((label) => [label, ...Array<number>(3072).fill(label * 10)]));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netspace-cifar-'));
  await writeFile(join(folder, 'data_batch_2.bin'), records(3));
  await writeFile(join(folder, 'data_batch_1.bin'), records(1, 2));
  await writeFile(join(folder, 'test_batch.bin'), records(9));
  await writeFile(join(folder, 'batches.meta.txt'), 'airplane\n');
});
afterAll(() => rm(folder, { recursive: true }));

describe('loadCifar10', () => {
  it('reads the batches that are there, in order', async () => {
    const train = await loadCifar10(folder);
    expect([train.name, [...train.labels], train.images[0]]).toEqual(['cifar10-train', [1, 2, 3], 10]);
    const test = await loadCifar10(folder, { split: 'test' });
    expect([test.name, [...test.labels]]).toEqual(['cifar10-test', [9]]);
  });

  it('reads a single file whole, whatever the split', async () => {
    const one = await loadCifar10(join(folder, 'data_batch_1.bin'), { split: 'test' });
    expect([one.name, [...one.labels]]).toEqual(['cifar10-data_batch_1', [1, 2]]);
  });

  it('refuses a missing path and a folder without batches, saying what is expected', async () => {
    const missing = join(folder, 'nowhere');
    await expect(loadCifar10(missing)).rejects.toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    await expect(loadCifar10(missing)).rejects.toThrow(
      `a folder with data_batch_*.bin and test_batch.bin, or one .bin file) at ${missing}`,
    );
    const empty = await mkdtemp(join(tmpdir(), 'netspace-empty-'));
    await expect(loadCifar10(empty, { split: 'test' })).rejects.toThrow(/got a folder without files of the test split/);
    await rm(empty, { recursive: true });
  });

  it('refuses a file that is not CIFAR-10', async () => {
    await expect(loadCifar10(join(folder, 'batches.meta.txt'))).rejects.toThrow(expect.objectContaining({ code: 'CORRUPT_FILE' }));
  });

  const data = testData('cifar-10-batches-bin');
  it.skipIf(data.missing)(`finds the facts of the real files' README${data.note}`, async () => {
    const train = await loadCifar10(data.path);
    const test = await loadCifar10(data.path, { split: 'test' });
    expect([train.count, test.count]).toEqual([20_000, 4000]);
    for (const { labels, count } of [train, test]) {
      for (let label = 0; label < 10; label++) expect(labels.filter((other) => other === label)).toHaveLength(count / 10);
    }
    const sums = new Float64Array(3);
    const squares = new Float64Array(3);
    train.images.forEach((byte, i) => {
      sums[i % 3]! += byte / 255;
      squares[i % 3]! += (byte / 255) ** 2;
    });
    const pixels = train.images.length / 3;
    const means = [...sums].map((sum) => sum / pixels);
    const deviations = [...squares].map((sum, channel) => Math.sqrt(sum / pixels - means[channel]! ** 2));
    expect(means).toEqual([0.492, 0.483, 0.447].map((mean) => expect.closeTo(mean, 3) as number));
    expect(deviations).toEqual([0.245, 0.243, 0.261].map((deviation) => expect.closeTo(deviation, 3) as number));
  });
});
