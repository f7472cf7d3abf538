import { afterEach, describe, expect, it, vi } from 'vitest';

import { livePlay } from '../live/live-play.js';
import type { Page } from '../live/page.js';
import { FIRST_VIEW, type Walk } from '../state/state.js';
import { createStore } from '../state/store.js';
import { filmStops, timeOnWalk, triangleGrid, walkAt, whereOnWalk } from './film-places.js';

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

describe('the time of a place on a walk', () => {
  it('is the time that leads there', () => {
    for (const time of [0.02, 0.25, 0.4, 0.5, 0.74, 0.76, 1]) expect(timeOnWalk(walkAt(walk, time), time)).toBeCloseTo(time, 12);
    expect(timeOnWalk({ ...walk, mode: 'path', gamma: 0.3 }, 0)).toBe(0.3);
  });
  it('is the one that is meant where a triangle comes by twice, and of the nearest place off its way', () => {
    const atA = walkAt(walk, 0);
    expect([timeOnWalk(atA, 0.1), timeOnWalk(atA, 0.6)]).toEqual([0, 0.75]);
    expect(timeOnWalk({ ...walk, weights: [0.48, 0.48, 0.04] }, 0)).toBeCloseTo(0.125, 12); // halfway from A to B
  });
});

describe('play', () => {
  afterEach(() => vi.unstubAllGlobals());

  /** A page whose frames come 20 ms apart, when it is told. */
  function played(start: Walk, more: { readonly loop: boolean; readonly seconds: number }) {
    let now = 0;
    let frame: FrameRequestCallback | undefined;
    vi.stubGlobal('performance', { now: () => now });
    vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) => ((frame = callback), 1));
    vi.stubGlobal('cancelAnimationFrame', () => (frame = undefined));
    const store = createStore({ view: { ...FIRST_VIEW, ...more, walk: start } });
    livePlay({ store } as Page);
    store.set({ playing: true });
    const frameAt = (time: number): void => {
      const next = frame!;
      frame = undefined;
      next(time);
    };
    return {
      ...{ store, frameAt },
      /** Lets time go by; fewer seconds if it ends before. @returns how many */
      run(seconds: number): number {
        const from = now;
        while (store.get().playing && now - from < 1000 * seconds - 1e-6) {
          now += 20;
          frameAt(now);
        }
        return (now - from) / 1000;
      },
    };
  }

  it.each([
    ['a line', { ...walk, mode: 'line', gamma: 1 }, 1],
    ['a triangle', walk, [1 / 3, 1 / 3, 1 / 3]],
  ] as const)('goes once through %s in the seconds it is given', (_, start, end) => {
    for (const seconds of [2, 7]) {
      const { store, run } = played(start, { loop: false, seconds });
      expect(run(seconds / 2)).toBeCloseTo(seconds / 2, 1);
      const { gamma, weights } = store.get().view.walk;
      if (start.mode === 'line') expect(gamma).toBeCloseTo(0.5, 2);
      else expect(weights[2]).toBeCloseTo(1, 1); // from A over B to C
      expect(run(60)).toBeCloseTo(seconds / 2, 1);
      expect(store.get()).toMatchObject({ playing: false, moving: false });
      expect(store.get().view.walk[start.mode === 'line' ? 'gamma' : 'weights']).toEqual(end);
    }
  });
  it('goes back and forth where it loops, from where one stands', () => {
    const { store, run } = played({ ...walk, weights: [0, 1, 0] }, { loop: true, seconds: 4 });
    run(3); // to the middle
    expect(store.get().view.walk.weights[0]).toBeCloseTo(1 / 3, 1);
    run(1); // and back to A
    expect(store.get().view.walk.weights[0]).toBeCloseTo(1, 1);
    run(1);
    expect(store.get().view.walk.weights[2]).toBeCloseTo(1, 1);
  });
  it('begins at the start, also in a frame that began before it, and ends where a walk has too few stops', () => {
    const { store, frameAt } = played({ ...walk, mode: 'line' }, { loop: false, seconds: 2 });
    frameAt(-5);
    expect(store.get()).toMatchObject({ playing: true, view: { walk: { gamma: 0 } } });
    const few = played({ ...walk, stops: [] }, { loop: true, seconds: 2 });
    few.run(1);
    expect(few.store.get().playing).toBe(false);
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
