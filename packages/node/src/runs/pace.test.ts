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
