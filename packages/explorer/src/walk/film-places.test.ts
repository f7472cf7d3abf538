import { describe, expect, it } from 'vitest';

import type { Walk } from '../state/state.js';
import { filmStops, triangleGrid, walkAt, whereOnWalk } from './film-places.js';

const plane = (x: number) => ({ at: 'plane', x, y: 0 }) as const;
const walk: Walk = { mode: 'triangle', stops: [plane(0), plane(1), plane(2)], gamma: 0, weights: [1 / 3, 1 / 3, 1 / 3] };

describe('a film', () => {
  it('goes around a triangle and into its middle', () => {
    expect([0, 0.25, 0.5, 0.75].map((time) => walkAt(walk, time).weights)).toEqual([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, 0]]); // prettier-ignore
    expect(walkAt(walk, 0.125).weights).toEqual([0.5, 0.5, 0]);
    expect(walkAt(walk, 1).weights).toEqual([1 / 3, 1 / 3, 1 / 3]);
    expect(whereOnWalk(walkAt(walk, 0.125))).toBe('A 50 % · B 50 % · C 0 %');
  });
  it('goes along a line by γ, both ends with it', () => {
    const line: Walk = { ...walk, mode: 'line' };
    expect(filmStops(line, 5).map(({ where }) => where)).toEqual(['γ = 0.00', 'γ = 0.25', 'γ = 0.50', 'γ = 0.75', 'γ = 1.00']);
    expect(filmStops({ ...line, stops: [plane(0)] }, 5)).toEqual([]);
  });
});

describe('a grid over a triangle', () => {
  it('has each place once, and its weights sum to 1', () => {
    const grid = triangleGrid(10);
    expect(grid).toHaveLength(66);
    expect(new Set(grid.map(String)).size).toBe(66);
    for (const weights of grid) expect(weights[0] + weights[1] + weights[2]).toBeCloseTo(1, 12);
    expect(grid).toEqual(expect.arrayContaining([[1, 0, 0], [0, 1, 0], [0, 0, 1]])); // prettier-ignore
  });
});
