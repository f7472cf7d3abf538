import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { printable } from './printable.js';

describe('printable', () => {
  it('escapes what steers a terminal', () => {
    expect(printable('\u001b]0;owned\u0007\u001b[31mred\r\u009b2J')).toBe('\\u001b]0;owned\\u0007\\u001b[31mred\\u000d\\u009b2J');
    expect(printable('photo\u202egpj.exe')).toBe('photo\\u202egpj.exe');
  });
  it('leaves every other text as it is', () => {
    expect(printable('Stuhl ü 椅子 👩‍🚀 γ\t1\n')).toBe('Stuhl ü 椅子 👩‍🚀 γ\t1\n');
  });
  it('keeps the value of a JSON document', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(JSON.parse(printable(JSON.stringify({ text })))).toEqual({ text });
      }),
    );
  });
});
