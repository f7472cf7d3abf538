import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { loadTinyImageNet } from './load-tiny-imagenet.js';
import { testData } from './test-data.js';

const [CAT, DOG, OWL] = ['n00000009', 'n00000001', 'n00000005'];
let folder: string;

/** A JPEG of one color, or of one grey with a single component. */
const jpeg = (color: number | readonly [number, number, number], side = 64): Promise<Buffer> =>
  typeof color === 'number'
    ? sharp(Buffer.alloc(side * side, color), { raw: { width: side, height: side, channels: 1 } })
        .toColourspace('b-w')
        .jpeg({ quality: 100 })
        .toBuffer()
    : sharp({ create: { width: side, height: side, channels: 3, background: { r: color[0], g: color[1], b: color[2] } } })
        .jpeg({ quality: 100, chromaSubsampling: '4:4:4' })
        .toBuffer();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netspace-tiny-'));
  const put = async (path: string, content: string | Buffer): Promise<void> => {
    await mkdir(join(folder, path, '..'), { recursive: true });
    await writeFile(join(folder, path), content);
  };
  await put('wnids.txt', `${CAT}\n${DOG}\n`);
  await put(`train/${CAT}/images/${CAT}_10.JPEG`, await jpeg([200, 100, 50]));
  await put(`train/${CAT}/images/${CAT}_2.JPEG`, await jpeg(130));
  await put(`train/${CAT}/${CAT}_boxes.txt`, '');
  await put(`train/${DOG}/images/${DOG}_499.JPEG`, await jpeg([0, 0, 255]));
  await put(`train/${OWL}/images/${OWL}_0.JPEG`, await jpeg(0)); // not listed
  await put('val/val_annotations.txt', `val_3.JPEG\t${DOG}\t0\t0\t1\t1\nval_4.JPEG\t${OWL}\t0\t0\t1\t1\nval_1.JPEG\t${CAT}\t0\t0\t1\t1\n`);
  for (const k of [1, 3, 4]) await put(`val/images/val_${k}.JPEG`, await jpeg(10 * k));
});
afterAll(() => rm(folder, { recursive: true }));

const pixel = (images: Uint8Array, n: number): number[] => [...images.subarray(n * 64 * 64 * 3, n * 64 * 64 * 3 + 3)];

describe('loadTinyImageNet', () => {
  it('labels by wnids.txt, orders files by number, repeats grey and leaves unlisted classes', async () => {
    const { images, labels, shape, classes, name } = await loadTinyImageNet(folder);
    expect({ labels: [...labels], shape, classes, name }).toEqual({
      labels: [0, 0, 1],
      shape: [64, 64, 3],
      classes: 2,
      name: 'tiny-imagenet-train',
    });
    const near = (color: number[]) => color.map((value) => expect.closeTo(value, -1) as number);
    expect([0, 1, 2].map((n) => pixel(images, n))).toEqual([[130, 130, 130], near([200, 100, 50]), near([0, 0, 255])]);
  });

  it('labels validation images by their annotations', async () => {
    const { images, labels } = await loadTinyImageNet(folder, { split: 'val' });
    expect([...labels]).toEqual([1, 0]);
    expect([0, 1].map((n) => pixel(images, n))).toEqual([Array(3).fill(30), Array(3).fill(10)]);
  });

  it('loads the classes asked for, the first with label 0', async () => {
    const { labels, classes, count } = await loadTinyImageNet(folder, { classes: [DOG] });
    expect([[...labels], classes, count]).toEqual([[0], 1, 1]);
  });

  it('refuses unknown classes, too many images and a missing folder', async () => {
    await expect(loadTinyImageNet(folder, { classes: [OWL] })).rejects.toThrow(/out of the 2 of wnids\.txt .* got n00000005/);
    await expect(loadTinyImageNet(folder, { limits: { images: 2 } })).rejects.toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }));
    const missing = join(folder, 'nowhere');
    await expect(loadTinyImageNet(missing)).rejects.toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    await expect(loadTinyImageNet(missing)).rejects.toThrow(`at ${join(missing, 'wnids.txt')}`);
  });

  it.each([
    ['of another size', () => jpeg(0, 32), /an image of 64 × 64 at .*bad\.JPEG, got one of 32 × 32/],
    ['that is empty', () => Promise.resolve(Buffer.alloc(0)), /an image of 64 × 64 at .*bad\.JPEG, got an empty file/],
    ['that is none', () => Promise.resolve(Buffer.from('hello')), /cannot be decoded/],
    ['that is empty', () => Promise.resolve(Buffer.alloc(0)), /an empty file/],
    ['cut short', async () => (await jpeg([1, 2, 3])).subarray(0, -30), /cannot be decoded/],
  ])('refuses an image %s', async (_, content, message) => {
    const path = join(folder, 'train', DOG, 'images', 'bad.JPEG');
    await writeFile(path, await content());
    const error: unknown = await loadTinyImageNet(folder).then(
      () => 'no error',
      (reason: unknown) => reason,
    );
    await rm(path);
    expect(error).toMatchObject({ code: 'CORRUPT_FILE', message: expect.stringMatching(message) });
  });

  const data = testData('tiny-imagenet-200');
  it.skipIf(data.missing)(`finds the facts of the real folder's README${data.note}`, async () => {
    const parts = [await loadTinyImageNet(data.path), await loadTinyImageNet(data.path, { split: 'val' })];
    expect(parts.map(({ count }) => count)).toEqual([5000, 1000]);
    let grey = 0;
    for (const { images, labels, count, classes } of parts) {
      for (let label = 0; label < classes; label++) expect(labels.filter((other) => other === label)).toHaveLength(count / 20);
      for (let n = 0; n < count; n++) {
        const image = images.subarray(n * 12_288, (n + 1) * 12_288);
        if (image.every((value, i) => value === image[i - (i % 3)])) grey++;
      }
    }
    expect(grey).toBeGreaterThanOrEqual(108); // grayscale files; color files of grey things may add to them
    expect(grey).toBeLessThan(120);
  });
});
