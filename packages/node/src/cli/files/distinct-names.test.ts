import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { distinctNames, fileNames } from './distinct-names.js';

describe('distinctNames', () => {
  it('names files by themselves, and by more of their path only where two would be alike', () => {
    expect(distinctNames(['x/a.pt', 'y/b.pt'])).toEqual(['a', 'b']);
    expect(distinctNames(['x/m.pt', 'y/m.pt'])).toEqual(['x/m', 'y/m']);
    expect(distinctNames(['m.pt', 'm.safetensors'])).toEqual(['m.pt', 'm.safetensors']);
  });
  it('refuses one file twice', () => {
    expect(() => distinctNames(['m.pt', 'm.pt'])).toThrow(/each file once, got m\.pt twice/);
  });
});

describe('fileNames', () => {
  it('gives colliding names a number', () => {
    expect(fileNames(['a/b', 'a_b', 'c', 'c', 'C', '', '..'])).toEqual(['a_b-2', 'a_b', 'c', 'c-2', 'C-3', '_', '_.']);
    expect(fileNames(['x'.repeat(300), 'x'.repeat(301)])).toEqual(['x'.repeat(100), `${'x'.repeat(100)}-2`]);
  });
  it('gives as many files as there are names, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.stringMatching(/^[ab/_.-]{0,4}$/))), (names) => {
        const files = fileNames(names);
        expect(files).toHaveLength(names.length);
        expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(names.length);
        for (const file of files) expect(file).toMatch(/^[\w-][\w.-]{0,110}$/);
      }),
    );
  });
});
