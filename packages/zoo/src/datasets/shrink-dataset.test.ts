import { describe, expect, it } from 'vitest';

import { createImageDataset } from './image-dataset.js';
import { shrinkDataset } from './shrink-dataset.js';

const dataset = createImageDataset({
  name: 'two',
  // Two images of 2 × 4 with two channels; the second channel is 100 more than the first.
  images: Uint8Array.from([0, 2, 4, 6, 8, 10, 12, 14, 1, 1, 1, 1, 7, 7, 7, 9].flatMap((value) => [value, value + 100])),
  labels: Uint8Array.from([0, 1]),
  shape: [2, 4, 2],
  classes: 2,
  mean: [0.5, 0.5],
  std: [1, 1],
});

describe('shrinkDataset', () => {
  it('takes means of squares, image by image and channel by channel', () => {
    const { images, shape, labels, name } = shrinkDataset(dataset, 2);
    expect([shape, name, [...labels]]).toEqual([[1, 2, 2], 'two-shrunk2', [0, 1]]);
    expect([...images]).toEqual([5, 105, 9, 109, 4, 104, 5, 105]);
  });
  it('leaves images as they are at 1', () => {
    expect([...shrinkDataset(dataset, 1).images]).toEqual([...dataset.images]);
  });
  it.each([0, 1.5, 3, 4])('refuses %s, which does not divide 2 and 4', (factor) => {
    expect(() => shrinkDataset(dataset, factor)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
