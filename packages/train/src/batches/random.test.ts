import { describe, expect, it } from 'vitest';

import { randomAt, seedAt } from './random.js';

describe('randomAt', () => {
  it('gives the same stream for the same keys and another for any other', () => {
    const draw = (...keys: (number | string)[]) =>
      randomAt(...keys)
        .permutation(20)
        .join();
    expect(draw(1, 'images', 3)).toBe(draw(1, 'images', 3));
    expect(new Set([draw(1, 'images', 3), draw(1, 'images', 4), draw(1, 'nets', 3), draw(2, 'images', 3), draw(1, 'images3')]).size).toBe(
      5,
    );
  });

  it('stays as it is, so that runs of older versions resume', () => {
    expect(randomAt(7, 'images', 0).permutation(8).join()).toMatchInlineSnapshot(`"0,3,2,4,5,6,1,7"`);
    expect(seedAt(7, 'net', 1)).toMatchInlineSnapshot(`793093817`);
  });

  it('permutes: every index once, and each as likely at each place', () => {
    const counts = new Uint32Array(5);
    for (let i = 0; i < 2000; i++) {
      const order = randomAt('order', i).permutation(5);
      expect([...order].sort()).toEqual([0, 1, 2, 3, 4]);
      counts[order[0]!]!++;
    }
    for (const count of counts) expect(Math.abs(count - 400)).toBeLessThan(75); // four standard deviations
  });

  it('is uniform between its bounds, first draws of neighboring keys included', () => {
    const values = Array.from({ length: 4000 }, (_, step) => randomAt(0, 'u', step).uniform(-1, 3));
    expect(Math.min(...values)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...values)).toBeLessThan(3);
    expect(values.reduce((sum, value) => sum + value, 0) / 4000).toBeCloseTo(1, 1);
    const lag = values.slice(1).reduce((sum, value, i) => sum + (value - 1) * (values[i]! - 1), 0) / 4000;
    expect(Math.abs(lag)).toBeLessThan(0.1); // variance is 4/3
  });
});
