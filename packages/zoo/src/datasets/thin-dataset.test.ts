import { describe, expect, it } from 'vitest';

import { createImageDataset } from './image-dataset.js';
import { thinDataset } from './thin-dataset.js';

/** One pixel an image, sorted by class. */
const dataset = createImageDataset({
  ...{ name: 'sorted', shape: [1, 1, 1], classes: 3, mean: [0], std: [1] },
  ...{ images: Uint8Array.from([0, 1, 2, 3, 4, 5]), labels: Uint8Array.from([0, 0, 1, 1, 2, 2]) },
});

describe('thinDataset', () => {
  it('keeps images of all classes, with their labels', () => {
    const few = thinDataset(dataset, 3);
    expect([few.count, [...few.images], [...few.labels], few.name]).toEqual([3, [0, 2, 4], [0, 1, 2], 'sorted']);
  });
  it('gives the data set itself where it has no more', () => {
    expect(thinDataset(dataset, 6)).toBe(dataset);
    expect(thinDataset(dataset, 100)).toBe(dataset);
  });
});
