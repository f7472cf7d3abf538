import { describe, expect, it } from 'vitest';

import {
  annealSchedule,
  constantSchedule,
  exponentialSchedule,
  scheduleFrom,
  stepSchedule,
  warmUpSchedule,
  withLength,
} from './schedule.js';

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

  it('anneal: half a cosine or a straight line, then the final rate', () => {
    const steps = [0, 25, 50, 100, 200];
    const rates = (kind: 'cosine' | 'linear') => steps.map(annealSchedule({ kind, learningRate: 0.3, final: 0.1, steps: 100 }));
    expect(rates('linear').map((rate) => rate.toFixed(6))).toEqual(['0.300000', '0.250000', '0.200000', '0.100000', '0.100000']);
    expect(rates('cosine').map((rate) => rate.toFixed(6))).toEqual(['0.300000', '0.270711', '0.200000', '0.100000', '0.100000']);
  });

  it('anneal: over the run unless told otherwise', () => {
    expect(scheduleFrom({ kind: 'linear', learningRate: 1 }, 4)(1)).toBe(0.75);
    expect(scheduleFrom({ kind: 'linear', learningRate: 1, steps: 2 }, 4)(1)).toBe(0.5);
    expect(withLength({ kind: 'cosine', learningRate: 1 }, 4)).toEqual({ kind: 'cosine', learningRate: 1, steps: 4 });
    expect(withLength(0.5, 4)).toBe(0.5);
    expect(() => scheduleFrom({ kind: 'cosine', learningRate: 1 })).toThrow(/expected steps in a cosine schedule, got none/);
  });

  it('warm-up: a straight line to what the rate is without', () => {
    const config = { kind: 'exponential', learningRate: 1, factor: 0.5, every: 4, warmUp: 3 } as const;
    expect([0, 1, 2, 3, 4, 8].map(scheduleFrom(config))).toEqual([0.25, 0.5, 0.75, 1, 0.5, 0.25]);
    expect(scheduleFrom({ ...config, warmUp: undefined })(0)).toBe(1);
  });

  it('from config: a number or any kind', () => {
    expect(scheduleFrom(0.5)(7)).toBe(0.5);
    expect(scheduleFrom({ kind: 'steps', learningRate: 1, milestones: [2], factor: 0.5 })(2)).toBe(0.5);
    expect(scheduleFrom({ kind: 'exponential', learningRate: 1, factor: 0.5 })(3)).toBe(0.125);
  });

  it('refuse rates and milestones that mean nothing', () => {
    expect(() => constantSchedule(0)).toThrow(/constantSchedule: learningRate must be positive, got 0/);
    expect(() => stepSchedule({ learningRate: 1, milestones: [1.5] })).toThrow(/whole steps from 0, got 1.5/);
    expect(() => annealSchedule({ kind: 'linear', learningRate: 1, steps: 0 })).toThrow(/steps must be positive, got 0/);
    expect(() => annealSchedule({ kind: 'linear', learningRate: 1, final: -1, steps: 1 })).toThrow(/final must be 0 or more, got -1/);
    expect(() => warmUpSchedule(constantSchedule(1), { steps: -1 })).toThrow(/warmUpSchedule: steps must be positive, got -1/);
    expect(() => exponentialSchedule({ learningRate: 1, factor: 0.9, every: 0 })).toThrow(/every must be positive, got 0/);
  });
});
