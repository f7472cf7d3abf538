import { describeOnRuntimes, expectClose, expectNoLeak } from '@netspace/testing';
import { expect, it } from 'vitest';

import { augmentedImageBatch } from './augmented-image-batch.js';
import { imageBatch } from './image-batch.js';
import { createImageDataset } from './image-dataset.js';

const dataset = createImageDataset({
  name: 'three',
  images: Uint8Array.from({ length: 3 * 8 * 8 * 2 }, (_, i) => (i * 7) % 256),
  labels: Uint16Array.of(299, 0, 7),
  shape: [8, 8, 2],
  classes: 300,
  mean: [0.5, 0.25],
  std: [0.5, 2],
});

describeOnRuntimes('imageBatch', () => {
  it('is (byte / 255 − mean) / std per channel, in the order of the indices', () => {
    const { images, labels } = imageBatch(dataset, [2, 0, 2]);
    expect(images.shape).toEqual([3, 8, 8, 2]);
    expect([...labels.dataSync()]).toEqual([7, 299, 7]);
    expect(labels.dtype).toBe('int32');
    const expected = [2, 0, 2].flatMap((n) =>
      Array.from({ length: 128 }, (_, i) => (dataset.images[n * 128 + i]! / 255 - (i % 2 ? 0.25 : 0.5)) / (i % 2 ? 2 : 0.5)),
    );
    expectClose(images.dataSync(), expected, 1e-7);
  });

  it('makes an empty batch of no indices', () => {
    expect(imageBatch(dataset, []).images.shape).toEqual([0, 8, 8, 2]);
  });

  it('leaks no tensor', () => {
    expectNoLeak(() => ({ ...imageBatch(dataset, [0, 1]) }));
  });

  it.each([3, -1, 0.5, NaN])('refuses the index %s', (index) => {
    expect(() => imageBatch(dataset, [0, index])).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    expect(() => imageBatch(dataset, [0, index])).toThrow(/imageBatch: expected indices from 0 to 2 for three, got .* at 1/);
  });
});

describeOnRuntimes('augmentedImageBatch', () => {
  const indices = Array.from({ length: 60 }, (_, i) => i % 3);
  const values = (options: { seed: number; step: number; padding?: number; flip?: boolean }) =>
    augmentedImageBatch(dataset, indices, options).images.dataSync();

  it('is the plain batch without padding and mirroring', () => {
    expect(values({ seed: 1, step: 2, padding: 0, flip: false })).toEqual(imageBatch(dataset, indices).images.dataSync());
  });

  it('shows every shift of up to the padding and both orientations, and nothing else', () => {
    const plain = imageBatch(dataset, [0]).images.dataSync();
    const black = [-1, -0.125];
    const seen = new Set<string>();
    for (let step = 0; step < 12; step++) {
      const { images } = augmentedImageBatch(dataset, Array<number>(20).fill(0), { seed: 0, step, padding: 1 });
      const batch = images.dataSync();
      for (let k = 0; k < 20; k++) seen.add(batch.subarray(k * 128, (k + 1) * 128).join());
    }
    const possible = new Set<string>();
    for (const mirrored of [false, true]) {
      for (const [dy, dx] of [-1, 0, 1].flatMap((y) => [-1, 0, 1].map((x) => [y, x] as const))) {
        const image = new Float32Array(128).map((_, i) => {
          const [y, column, channel] = [Math.floor(i / 16), Math.floor(i / 2) % 8, i % 2];
          const [fromY, fromX] = [y + dy, (mirrored ? 7 - column : column) + dx];
          const inside = fromY >= 0 && fromY < 8 && fromX >= 0 && fromX < 8;
          return inside ? plain[(fromY * 8 + fromX) * 2 + channel]! : black[channel]!;
        });
        possible.add(image.join());
      }
    }
    expect(seen).toEqual(possible);
  });

  it('pads by an eighth of the height: 1 of 8, as 4 of 32 and 8 of 64', () => {
    expect(values({ seed: 5, step: 6 })).toEqual(values({ seed: 5, step: 6, padding: 1 }));
  });

  it('depends on seed and step alone', () => {
    expect(values({ seed: 1, step: 2 })).toEqual(values({ seed: 1, step: 2 }));
    expect(values({ seed: 1, step: 2 })).not.toEqual(values({ seed: 1, step: 3 }));
    expect(values({ seed: 1, step: 2 })).not.toEqual(values({ seed: 2, step: 1 }));
  });

  it('keeps the labels', () => {
    expect([...augmentedImageBatch(dataset, [1, 0], { seed: 0, step: 0 }).labels.dataSync()]).toEqual([0, 299]);
  });

  it('leaks no tensor', () => {
    expectNoLeak(() => ({ ...augmentedImageBatch(dataset, [0, 1], { seed: 0, step: 0 }) }));
  });

  it('refuses an index out of range', () => {
    expect(() => augmentedImageBatch(dataset, [3], { seed: 0, step: 0 })).toThrow(/augmentedImageBatch: expected indices from 0 to 2/);
  });
});
