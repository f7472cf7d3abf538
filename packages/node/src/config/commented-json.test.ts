import { describe, expect, it } from 'vitest';

import { commentedJson } from './commented-json.js';

describe('commentedJson', () => {
  it('writes comments above their keys, and what has none in one line', () => {
    const value = { zoo: 'zoo', space: { preset: 'small', prepShape: [8, 392] }, batch: { nets: 8 } };
    expect(commentedJson(value, { '': 'A space.', 'space.preset': 'Small is enough.', batch: 'Of a step.' })).toBe(
      `// A space.
{
  "zoo": "zoo",
  "space": {
    // Small is enough.
    "preset": "small",
    "prepShape": [8, 392]
  },

  // Of a step.
  "batch": { "nets": 8 }
}
`,
    );
  });
  it('breaks long comments between words', () => {
    const words = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ');
    const text = commentedJson({ key: 1 }, { key: words });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    expect(text.replaceAll(/\s+(\/\/ )?/g, ' ')).toContain(words);
  });
});
