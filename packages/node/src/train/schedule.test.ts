import { describe, expect, it } from 'vitest';

import { constantSchedule, exponentialSchedule, scheduleFrom, stepSchedule } from './schedule.js';

describe('schedules', () => {
  it('constant: the same at every step', () => {
    expect([0, 1, 1e6].map(constantSchedule(0.1))).toEqual([0.1, 0.1, 0.1]);
  });

  it("steps: the paper's instance recipe drops tenfold at each milestone", () => {
    const schedule = stepSchedule({ learningRate: 0.05, milestones: [149, 179, 209] });
    expect([0, 148, 149, 178, 179, 209, 299].map((step) => schedule(step).toPrecision(3))).toEqual(
      [0.05, 0.05, 0.005, 0.005, 0.0005, 0.00005, 0.00005].map((rate) => rate.toPrecision(3)),
    );
  });

  it("exponential: the paper's SIREN recipe, times 0.9 every 1000 steps", () => {
    const schedule = exponentialSchedule({ learningRate: 1e-4, factor: 0.9, every: 1000 });
    expect([0, 999, 1000, 2000].map(schedule)).toEqual([1e-4, 1e-4, 1e-4 * 0.9, 1e-4 * 0.9 ** 2]);
  });

  it('from config: a number or either kind', () => {
    expect(scheduleFrom(0.5)(7)).toBe(0.5);
    expect(scheduleFrom({ kind: 'steps', learningRate: 1, milestones: [2], factor: 0.5 })(2)).toBe(0.5);
    expect(scheduleFrom({ kind: 'exponential', learningRate: 1, factor: 0.5 })(3)).toBe(0.125);
  });

  it('refuse rates and milestones that mean nothing', () => {
    expect(() => constantSchedule(0)).toThrow(/constantSchedule: learningRate must be positive, got 0/);
    expect(() => stepSchedule({ learningRate: 1, milestones: [1.5] })).toThrow(/whole steps from 0, got 1.5/);
    expect(() => exponentialSchedule({ learningRate: 1, factor: 0.9, every: 0 })).toThrow(/every must be positive, got 0/);
  });
});
