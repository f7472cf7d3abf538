import { expect, it } from 'vitest';

import { sizeText } from './size-text.js';

it.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [9949, '9.9 kB'],
  [9951, '10 kB'],
  [828_600_000, '829 MB'],
  [6e9, '6.0 GB'],
  [5e12, '5000 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});
