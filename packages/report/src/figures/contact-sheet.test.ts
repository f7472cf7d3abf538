import { describe, expect, it } from 'vitest';

import { contactSheet } from './contact-sheet.js';

const pixel = (...rgba: number[]) => ({ width: 1, height: 1, data: Uint8ClampedArray.from(rgba) });

describe('contactSheet', () => {
  it('lays pictures in rows with gaps, half-covered pixels half over the ground', () => {
    const { width, height, data } = contactSheet([[pixel(200, 0, 0, 255)], [undefined, pixel(0, 100, 0, 127.5)]], {
      gap: 1,
      ground: [0, 0, 200],
    });
    expect([width, height]).toEqual([5, 5]);
    const at = (x: number, y: number) => [...data.subarray((y * 5 + x) * 4, (y * 5 + x) * 4 + 4)];
    expect(at(1, 1)).toEqual([200, 0, 0, 255]);
    expect(at(3, 1)).toEqual([0, 0, 200, 255]); // the missing end of the first row
    expect(at(1, 3)).toEqual([0, 0, 200, 255]);
    expect(at(3, 3)[1]).toBeCloseTo(50, -1);
    expect(at(3, 3)[2]).toBeCloseTo(100, -1);
  });
  it('refuses to be empty', () => {
    expect(() => contactSheet([[undefined]])).toThrow(/at least one picture/);
  });
});
