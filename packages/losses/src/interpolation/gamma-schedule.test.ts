import { describe, expect, it } from 'vitest';

import { gammaSchedule } from './gamma-schedule.js';

describe('gammaSchedule', () => {
  it('has one factor for each architecture between the smallest and the largest', () => {
    expect(gammaSchedule(1)).toEqual([]);
    expect(gammaSchedule(2)).toEqual([]);
    expect(gammaSchedule(3)).toEqual([1 / 2]);
    expect(gammaSchedule(5)).toEqual([1 / 4, 2 / 4, 3 / 4]);
  });
  it.each([0, -1, 2.5, Number.NaN])('refuses %d architectures', (count) => {
    expect(() => gammaSchedule(count)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
