import '@tensorflow/tfjs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { divergingColor } from './diverging-color.js';
import type { Picture } from '@netspace/shapes';
import { prepPicture } from './prep-picture.js';

const pixel = ({ width, data }: Picture, x: number, y: number) => [...data.subarray((y * width + x) * 4, (y * width + x + 1) * 4)];
const opaque = (value: number) => [...divergingColor(value), 255];
const padding = [128, 128, 128, 56];

describe('prepPicture', () => {
  it('colors values about zero and leaves padding translucent', () => {
    const picture = prepPicture(
      [
        [1, -1, 0],
        [0.5, 0, 0],
      ],
      { width: 3, height: 2, scale: 1 },
    );
    expect([0, 1, 2].map((x) => pixel(picture, x, 0))).toEqual([opaque(1), opaque(-1), opaque(0)]);
    expect([0, 1, 2].map((x) => pixel(picture, x, 1))).toEqual([opaque(0.5), padding, padding]);
  });
  it('takes what is padding from the parameters, not from the values', () => {
    const parameters = [{ name: 'w', shape: [2] }];
    const picture = prepPicture([[0, 0, 7]], { parameters, width: 3, height: 1, scale: 1 });
    expect([0, 1, 2].map((x) => pixel(picture, x, 0))).toEqual([opaque(0), opaque(0), padding]);
  });
  it('shows of each block the largest magnitude with its sign, or the mean', () => {
    const rows = [
      [1, -4, 2, 0],
      [3, 0, 2, 0],
    ];
    const at = (reduce: 'max' | 'mean') => {
      const picture = prepPicture(rows, { width: 2, height: 1, scale: 4, reduce });
      return [pixel(picture, 0, 0), pixel(picture, 1, 0)];
    };
    expect(at('max')).toEqual([opaque(-1), opaque(0.5)]);
    expect(at('mean')).toEqual([opaque(0), opaque(4 / 3 / 4)]); // the last value is padding: three remain
  });
  it('enlarges a small PRep without mixing values', () => {
    const picture = prepPicture([[1, -1]], { width: 6, height: 2, scale: 1 });
    expect([0, 2, 3, 5].map((x) => pixel(picture, x, 1))).toEqual([1, 1, -1, -1].map(opaque));
  });
  it('scales by the 99th percentile, not by an outlier', () => {
    const row = [...Array<number>(199).fill(0.1), 1000];
    expect(pixel(prepPicture([row], { width: 200, height: 1 }), 0, 0)).toEqual(opaque(1));
  });
  it('draws a line where each parameter but the first begins', () => {
    const parameters = [
      { name: 'a', shape: [1] },
      { name: 'b', shape: [4] },
      { name: 'c', shape: [1] },
    ];
    const picture = prepPicture(
      [
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ],
      { parameters, width: 4, height: 4, boundaries: true },
    );
    const dark = [0, 1, 2, 3].map((y) => [0, 1, 2, 3].filter((x) => pixel(picture, x, y)[0]! < 50));
    expect(dark).toEqual([[1], [1], [1], [1]]); // b begins at row 0 column 1, c at row 1 column 1
  });
  it('is the same picture for every positive multiple of a PRep, and fills every pixel', () => {
    const prep = fc.array(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 5, maxLength: 5 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(prep, fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }), (rows, width, height) => {
        const picture = prepPicture(rows, { width, height });
        expect(picture).toEqual(
          prepPicture(
            rows.map((row) => row.map((value) => value * 8)),
            { width, height },
          ),
        );
        for (let i = 3; i < picture.data.length; i += 4) expect(picture.data[i]).toBeGreaterThan(0);
      }),
      { numRuns: 50 },
    );
  });
  it('refuses empty and ragged PReps, impossible options and a PRep too small for its parameters', () => {
    expect(() => prepPicture([])).toThrow(/equally long rows, got rows of \[\]/);
    expect(() => prepPicture([[1], [1, 2]])).toThrow(/rows of \[1, 2\] values/);
    expect(() => prepPicture([[1]], { width: 0 })).toThrow(/expected width to be a positive integer, got 0/);
    expect(() => prepPicture([[1]], { scale: -1 })).toThrow(/expected scale to be a positive number, got -1/);
    expect(() => prepPicture([[1]], { boundaries: true })).toThrow(/boundaries need the parameters/);
    expect(() => prepPicture([[1]], { parameters: [{ name: 'w', shape: [2, 2] }] })).toThrow(/at least 4 values .* got 1×1/);
  });
});

describe('divergingColor', () => {
  it('is white at zero, blue below, red above and clips', () => {
    expect(divergingColor(0)).toEqual([247, 247, 247]);
    const [low, high] = [divergingColor(-0.5), divergingColor(0.5)];
    expect(low[2]).toBeGreaterThan(low[0]);
    expect(high[0]).toBeGreaterThan(high[2]);
    expect(divergingColor(-9)).toEqual(divergingColor(-1));
    expect(divergingColor(9)).toEqual(divergingColor(1));
  });
});
