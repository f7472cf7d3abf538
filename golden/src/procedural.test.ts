import { describe, expect, it } from 'vitest';

import { generate } from './procedural.js';

describe('generate', () => {
  it('begins as golden/README.md says for seed 12345, scale 2', () => {
    const expected = [-0.999994278, 0.236073717, -0.527858317, 0.708209693, -0.0557223558, -0.819654405];
    const { data } = generate({ shape: [2, 3], seed: 12345, scale: 2 });
    [...data].forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 8));
  });
  it('wraps seeds and indices at 2³²', () => {
    const { data } = generate({ shape: [70_000], seed: 4275434127, scale: 1 });
    const u = (69_999n * 2654435761n + 4275434127n) % 4294967296n;
    expect(data[69_999]).toBe(Math.fround(Number(u) / 4294967296 - 0.5));
  });
});
