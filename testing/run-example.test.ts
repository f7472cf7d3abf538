import { describe, expect, it } from 'vitest';

// @ts-expect-error: a plain script without types
import { isSameOutput, outputInHead } from '../scripts/run-example.mjs';

const same = isSameOutput as (printed: string, output: { text: string; about: boolean }) => boolean;
const read = outputInHead as (source: string) => { text: string; about: boolean } | undefined;

describe('the output in the head of an example', () => {
  it('is read, with or without leave for its numbers', () => {
    expect(read('// Question: a?\n// Output:\n//   one\n//   two 2\nimport x;\n')).toEqual({ text: 'one\ntwo 2', about: false });
    expect(read('// Question: a?\n// Output, about:\n//   one\n')).toEqual({ text: 'one', about: true });
    expect(read('// Output, about, where there is a Chromium:\n//   one\n')).toEqual({ text: 'one', about: true });
    expect(read('// Question: a?\n')).toBeUndefined();
  });
  it.each([
    ['a 0.5', 'a 0.5', false, true],
    ['a 0.6', 'a 0.5', false, false],
    ['a 0.6', 'a 0.5', true, true],
    ['a 0.8', 'a 0.5', true, false],
    ['loss 12.1', 'loss 10.0', true, true],
    ['loss 16.1', 'loss 10.0', true, false],
    ['b 0.5', 'a 0.5', true, false],
    ['a 0.5\nb 1', 'a 0.5', true, false],
  ])('%j beside %j, about: %s, is the same: %s', (printed, text, about, expected) => {
    expect(same(printed, { text, about })).toBe(expected);
  });
});
