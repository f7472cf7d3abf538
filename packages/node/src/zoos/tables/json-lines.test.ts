import { describe, expect, it } from 'vitest';

import { withoutNaN } from './json-lines.js';

describe('withoutNaN', () => {
  it.each([
    ['{"a": NaN, "b": [-Infinity, Infinity, 1]}', '{"a": null, "b": [null, null, 1]}'],
    [String.raw`{"a \" NaN": "NaN \\", "b": NaN}`, String.raw`{"a \" NaN": "NaN \\", "b": null}`],
    ['{"a": "NaN', '{"a": "NaN'],
    ['"NaN\\', '"NaN\\'],
  ])('%s', (text, expected) => expect(withoutNaN(text)).toBe(expected));

  it('looks at a text without an end once, and at one of 16 MiB without a deep stack', () => {
    const open = `"${String.raw`\"`.repeat(2 ** 19)}`; // quadratic, this takes hours
    expect(withoutNaN(open)).toBe(open);
    const long = `{"a": "${'a'.repeat(2 ** 24)}", "b": NaN}`;
    expect(withoutNaN(long).endsWith('"b": null}')).toBe(true);
  });
});
