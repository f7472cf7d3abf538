import { beforeAll, describe, expect, it } from 'vitest';

import { loadMnist } from './load-mnist.js';

let mnist: Awaited<ReturnType<typeof loadMnist>>;
beforeAll(async () => {
  mnist = await loadMnist();
});

describe('loadMnist', () => {
  it('has 10,000 digits, all ten of them in both sets, with MNIST’s mean and deviation', () => {
    const { train, test } = mnist;
    expect([train.count, test.count, train.shape, train.classes]).toEqual([8000, 2000, [28, 28, 1], 10]);
    for (const { labels, count } of [train, test]) {
      for (let digit = 0; digit < 10; digit++) {
        const share = labels.filter((label) => label === digit).length / count;
        expect(share).toBeGreaterThan(0.08);
        expect(share).toBeLessThan(0.12);
      }
    }
    const mean = train.images.reduce((sum, byte) => sum + byte / 255, 0) / train.images.length;
    const square = train.images.reduce((sum, byte) => sum + (byte / 255) ** 2, 0) / train.images.length;
    expect(mean).toBeCloseTo(train.mean[0]!, 2);
    expect(Math.sqrt(square - mean ** 2)).toBeCloseTo(train.std[0]!, 2);
  });

  it('has no image in both sets', () => {
    const { train, test } = mnist;
    const texts = ({ images, count }: typeof train) =>
      new Set(Array.from({ length: count }, (_, i) => images.subarray(i * 784, (i + 1) * 784).join()));
    const [seen, held] = [texts(train), texts(test)];
    expect([...held].filter((text) => seen.has(text))).toEqual([]);
  });

  it('makes smaller sets as the beginnings of larger ones', async () => {
    const [all, some] = [mnist, await loadMnist({ train: 100, test: 30 })];
    expect([some.train.count, some.test.count]).toEqual([100, 30]);
    expect(some.train.images).toEqual(all.train.images.slice(0, 100 * 784));
    expect(some.test.images).toEqual(all.test.images.slice(0, 30 * 784));
    expect(some.test.labels).toEqual(all.test.labels.slice(0, 30));
  });

  it('is really digits: the nearest of ten mean images is right for most of the test set', () => {
    const { train, test } = mnist;
    const means = Array.from({ length: 10 }, () => new Float64Array(784));
    const counts = new Float64Array(10);
    train.labels.forEach((label) => counts[label]!++);
    train.images.forEach((byte, i) => {
      const label = train.labels[Math.floor(i / 784)]!;
      means[label]![i % 784]! += byte / counts[label]!;
    });
    let right = 0;
    for (let n = 0; n < test.count; n++) {
      const distances = means.map((mean) => mean.reduce((sum, x, i) => sum + (x - test.images[n * 784 + i]!) ** 2, 0));
      if (distances.indexOf(Math.min(...distances)) === test.labels[n]) right++;
    }
    expect(right / test.count).toBeGreaterThan(0.75); // LeCun et al. 1998 give 0.88 for linear classifiers on all of MNIST
  });

  it.each([
    [{ train: 9000, test: 2000 }, 'at most 10000 images'],
    [{ train: -1 }, 'train to be an integer from 0 up, got -1'],
    [{ test: 0.5 }, 'test to be an integer from 0 up, got 0.5'],
  ])('refuses %j', async (counts, message) => {
    await expect(loadMnist(counts)).rejects.toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(message) }),
    );
  });
});
