import { expect, it } from 'vitest';

import { errorOverlap } from './error-overlap.js';

it('is the share of images that both get wrong among those that either does, whatever they say instead', () => {
  expect(errorOverlap([1, 1, 0, 0], [2, 0, 1, 0], [0, 0, 0, 0])).toBe(1 / 3);
  expect(errorOverlap([1, 2, 0], [1, 2, 0], [0, 0, 0])).toBe(1);
  expect(errorOverlap([1, 0], [0, 1], [0, 0])).toBe(0);
  expect(errorOverlap([0, 0], [0, 0], [0, 0])).toBe(1);
});
