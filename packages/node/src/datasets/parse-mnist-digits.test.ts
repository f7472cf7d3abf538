import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseMnistDigits } from './parse-mnist-digits.js';

const parse = (text: string) => parseMnistDigits(new TextEncoder().encode(text));
const image = (first: string) => `{"data": [${[first, ...Array<string>(783).fill('0')].join()}]}`;

describe('parseMnistDigits', () => {
  it('gets the bytes back from their three decimals', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 784, maxLength: 784 }), (bytes) => {
        const greys = Array.from(bytes, (byte) => Number((byte / 255).toFixed(3)));
        expect(parse(JSON.stringify({ data: greys }))).toEqual(bytes);
      }),
      { numRuns: 10 },
    );
  });

  it.each([
    ['no list', '{}'],
    ['an unfinished list', image('0').slice(0, -2)],
    ['half an image', '[0,0.5,1]'],
    ['a number above 1', image('1.5')],
    ['something else', image('"a"')],
    ['two points', image('0.5.5')],
  ])('refuses %s', (_, text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'CORRUPT_FILE' }));
  });
});
