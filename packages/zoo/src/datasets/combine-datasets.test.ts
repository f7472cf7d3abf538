import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { concatDatasets } from './concat-datasets.js';
import { createImageDataset, type ImageDataset } from './image-dataset.js';
import { splitDataset } from './split-dataset.js';
import { subsetDataset } from './subset-dataset.js';

/** Images of one pixel, whose grey value is their number. */
const numbered = (count: number, name = 'numbers'): ImageDataset =>
  createImageDataset({
    name,
    images: Uint8Array.from({ length: count }, (_, i) => i),
    labels: Uint8Array.from({ length: count }, (_, i) => i % 10),
    shape: [1, 1, 1],
    classes: 10,
    mean: [0],
    std: [1],
  });

describe('concatDatasets', () => {
  it('undoes a cut into consecutive subsets', () => {
    const all = numbered(7);
    const parts = [subsetDataset(all, [0, 1, 2]), subsetDataset(all, []), subsetDataset(all, [3, 4, 5, 6])];
    expect(concatDatasets(parts)).toEqual(all);
  });

  it('refuses an empty list and data sets of different kinds, naming both', () => {
    expect(() => concatDatasets([])).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    const other = { ...numbered(2, 'others'), classes: 11 };
    expect(() => concatDatasets([numbered(2), other])).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
    expect(() => concatDatasets([numbered(2), other])).toThrow(/numbers .*10 classes.* others .*11 classes/);
  });
});

describe('subsetDataset', () => {
  it('takes images with their labels, repeats included', () => {
    const subset = subsetDataset(numbered(20), [13, 2, 13], { name: 'chosen' });
    expect([subset.name, subset.count, [...subset.images], [...subset.labels]]).toEqual(['chosen', 3, [13, 2, 13], [3, 2, 3]]);
  });

  it('refuses an index out of range', () => {
    expect(() => subsetDataset(numbered(3), [3])).toThrow(/subsetDataset: expected indices from 0 to 2/);
  });
});

describe('splitDataset', () => {
  it('deals every image at most once', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), fc.nat(), (a, b, seed) => {
        const [first, second] = splitDataset(numbered(120), { counts: [a, b], seed });
        expect([first!.count, second!.count]).toEqual([a, b]);
        expect(new Set([...first!.images, ...second!.images]).size).toBe(a + b);
      }),
    );
  });

  it('repeats itself for one seed and differs for another', () => {
    const images = (seed: number) => [...splitDataset(numbered(50), { counts: [20], seed })[0]!.images];
    expect(images(1)).toEqual(images(1));
    expect(images(1)).not.toEqual(images(2));
  });

  it.each([[[2, 2]], [[-1]], [[0.5]]])('refuses the counts %j of three images', (counts) => {
    expect(() => splitDataset(numbered(3), { counts })).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
