import { describe, expect, it } from 'vitest';

import { conv2DGeometry } from '../conv2d-geometry.js';
import { isPatchProductFaster } from './is-patch-product-faster.js';

const isFaster = (input: number[], filter: number[], strides: [number, number]): boolean =>
  isPatchProductFaster(conv2DGeometry('test', input, filter, { strides, pad: 'same', dataFormat: 'NHWC' }));

describe('isPatchProductFaster', () => {
  it.each([
    ["the decoder's second convolution", [2, 16, 2048, 128], [3, 3, 128, 1250], [2, 2]],
    ["the decoder's third", [2, 8, 2500, 512], [3, 3, 512, 256], [2, 2]],
    ["the encoder's second", [2, 16, 5000, 128], [1, 3, 128, 256], [1, 2]],
  ] as const)('is for %s', (_, input, filter, strides) => expect(isFaster([...input], [...filter], [...strides])).toBe(true));
  it.each([
    ["the decoder's fourth convolution", [2, 4, 1250, 256], [3, 3, 256, 32], [1, 1]],
    ['the convolutions of a ResNet', [128, 16, 16, 64], [3, 3, 64, 64], [1, 1]],
    ['many small images', [512, 16, 16, 256], [3, 3, 256, 256], [1, 1]],
  ] as const)('is not for %s', (_, input, filter, strides) => expect(isFaster([...input], [...filter], [...strides])).toBe(false));
});
