import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { parseJson } from './parse-json.js';

describe('parseJson', () => {
  it('gives what JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });
  it('refuses brackets nested more than 100 deep, but not brackets in text', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(() => parseJson(nested(100))).not.toThrow();
    expect(() => parseJson(nested(101))).toThrow(SyntaxError);
    expect(() => parseJson(nested(1e6))).toThrow('nested more than 100 deep at character 100');
    expect(parseJson(JSON.stringify(['\\"' + '['.repeat(1000)]))).toEqual(['\\"' + '['.repeat(1000)]);
  });
});
