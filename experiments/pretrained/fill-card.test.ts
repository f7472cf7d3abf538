import { describe, expect, it } from 'vitest';

import { fillCard } from './fill-card.js';

const facts = { a: { b: 0.123456, c: 1.5e-5, list: [{ name: 'x', iou: 0.98765 }] }, n: 3, text: 'words' };

describe('fillCard', () => {
  it('puts numbers, percentages, words and tables in', () => {
    expect(fillCard('{{n}} {{text}} {{a.b|2}} {{ a.b | % }} {{a.c|2}}', facts)).toBe('3 words 0.12 12.3 % 1.5e-5');
    expect(fillCard('{{a.list.0|record}}', facts)).toBe('| measure | result |\n| --- | --- |\n| name | x |\n| iou | 0.988 |');
    expect(fillCard('{{a.list|rows}}', facts)).toBe('| name | iou |\n| --- | --- |\n| x | 0.988 |');
  });
  it('keeps whole numbers whole', () => {
    expect(fillCard('{{n|2}} {{list|rows}}', { n: 4408, list: [{ count: 12345 }] })).toBe('4408 | count |\n| --- |\n| 12345 |');
  });
  it('refuses to leave a hole', () => {
    expect(() => fillCard('{{a.z}}', facts)).toThrow(/expected a.z in the facts/);
  });
});
