import { describe, expect, it } from 'vitest';

import { createImageDataset } from './image-dataset.js';

const parts = {
  name: 'two',
  images: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  labels: Uint8Array.of(0, 1),
  shape: [2, 2, 1],
  classes: 2,
  mean: [0],
  std: [1],
} as const;

describe('createImageDataset', () => {
  it('counts the images', () => {
    expect(createImageDataset(parts).count).toBe(2);
  });

  it.each([
    ['a missing byte', { images: new Uint8Array(7) }, 'SHAPE_MISMATCH', /expected 8 bytes .* got 7/],
    ['a missing channel mean', { shape: [2, 1, 2], mean: [0], std: [1, 1] }, 'SHAPE_MISMATCH', /each of 2 channels .* got 1 and 2/],
    ['a deviation of zero', { std: [0] }, 'INVALID_OPTION', /positive standard deviations, got \[0\]/],
    ['a deviation of NaN', { std: [NaN] }, 'INVALID_OPTION', /finite means and deviations of two, got \[0\] and \[NaN\]/],
    ['an infinite mean', { mean: [Infinity] }, 'INVALID_OPTION', /finite means/],
    ['images in floats', { images: new Float32Array(8) as never }, 'INVALID_OPTION', /a Uint8Array as images, got Float32Array in two/],
    ['labels in floats', { labels: Float32Array.of(0.5, 1) as never }, 'INVALID_OPTION', /as labels, got Float32Array/],
    ['labels below 0', { labels: Int32Array.of(-1, 1) as never }, 'INVALID_OPTION', /as labels, got Int32Array/],
    ['a list of labels', { labels: [0, 1.5] as never }, 'INVALID_OPTION', /as labels, got Array/],
    ['a fraction of a class', { classes: 1.5 }, 'INVALID_OPTION', /in positive integers, got \[2,2,1\] and 1.5/],
    ['a label out of range', { labels: Uint8Array.of(0, 2) }, 'INVALID_OPTION', /labels below 2 in two, got 2 for image 1/],
  ] as const)('refuses %s', (_, change, code, message) => {
    const make = () => createImageDataset({ ...parts, ...change });
    expect(make).toThrow(expect.objectContaining({ code }));
    expect(make).toThrow(message);
  });
});
