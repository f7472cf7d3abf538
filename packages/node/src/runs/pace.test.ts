import { afterEach, describe, expect, it, vi } from 'vitest';

import { paceMeter, rateText, timeLeftText } from './pace.js';

afterEach(() => vi.useRealTimers());

describe('paceMeter', () => {
  it('counts from the first that is done, so that neither loading nor an earlier run makes it wrong', () => {
    vi.useFakeTimers();
    const paceOf = paceMeter(1000);
    expect(paceOf(500)).toBeUndefined(); // a run that goes on
    vi.advanceTimersByTime(10_000);
    expect(paceOf(500)).toBeUndefined();
    expect(paceOf(520)).toEqual({ perSecond: 2, secondsLeft: 240 });
    vi.advanceTimersByTime(10_000);
    expect(paceOf(1000)).toEqual({ perSecond: 25, secondsLeft: 0 });
  });
  it('forgets slow first steps, and says nothing before it can tell', () => {
    vi.useFakeTimers();
    const paceOf = paceMeter(1500);
    const said: (number | undefined)[] = [];
    for (let second = 0; second <= 60; second++) {
      said.push(paceOf(second <= 20 ? second / 2 : 10 + 5 * (second - 20))?.secondsLeft);
      vi.advanceTimersByTime(1000);
    }
    expect(said.slice(0, 27)).toEqual(Array<undefined>(27).fill(undefined)); // 40 of 1500 are less than 3 %
    expect(said[60]).toBe((1500 - 210) / 5);
    expect(paceOf(180)).toBeUndefined(); // back to an earlier step
  });
  it('says of few slow things after a minute', () => {
    vi.useFakeTimers();
    const paceOf = paceMeter(1000);
    const said = [0, 1, 2, 3, 4, 5].map((done) => {
      const pace = paceOf(done);
      vi.advanceTimersByTime(20_000);
      return pace?.perSecond;
    });
    expect(said).toEqual([undefined, undefined, undefined, undefined, undefined, 0.05]);
  });
  it('says of things of different sizes when a quarter is done, but for the last hundredth', () => {
    vi.useFakeTimers();
    const paceOf = paceMeter(1000, { uneven: true });
    const said = [500, 600, 620, 900, 995].map((done) => {
      const pace = paceOf(done);
      vi.advanceTimersByTime(10_000);
      return pace?.secondsLeft;
    });
    expect(said).toEqual([undefined, undefined, undefined, 7.5, undefined]); // 400 in 30 s, 100 to go
  });
});

describe('the words', () => {
  it.each([
    [20, 0.2, '20 a second', '1 s left'],
    [2.04, 59.4, '2.0 a second', '60 s left'],
    [0.1, 60, '10 s each', '1 min left'],
    [0.25, 3570, '4.0 s each', '1 h 0 min left'],
    [1, 4800, '1.0 a second', '1 h 20 min left'],
  ])('of %d a second and %d seconds', (perSecond, secondsLeft, rate, left) => {
    expect([rateText({ perSecond, secondsLeft }), timeLeftText({ perSecond, secondsLeft })]).toEqual([rate, left]);
  });
});
