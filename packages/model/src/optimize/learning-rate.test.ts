import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { type LearningRate, scheduleFrom, withLength } from './learning-rate.js';

describe('schedules', () => {
  it('constant: the same at every step', () => {
    expect([0, 1, 1e6].map(scheduleFrom(0.1))).toEqual([0.1, 0.1, 0.1]);
  });

  it("steps: the paper's instance recipe drops tenfold at each milestone", () => {
    const schedule = scheduleFrom({ kind: 'steps', learningRate: 0.05, milestones: [149, 179, 209] });
    expect([0, 148, 149, 178, 179, 209, 299].map((step) => schedule(step).toPrecision(3))).toEqual(
      [0.05, 0.05, 0.005, 0.005, 0.0005, 0.00005, 0.00005].map((rate) => rate.toPrecision(3)),
    );
  });

  it("exponential: the paper's SIREN recipe, times 0.9 every 1000 steps", () => {
    const schedule = scheduleFrom({ kind: 'exponential', learningRate: 1e-4, factor: 0.9, every: 1000 });
    expect([0, 999, 1000, 2000].map(schedule)).toEqual([1e-4, 1e-4, 1e-4 * 0.9, 1e-4 * 0.9 ** 2]);
  });

  it('anneal: half a cosine or a straight line, then the final rate', () => {
    const steps = [0, 25, 50, 100, 200];
    const rates = (kind: 'cosine' | 'linear') => steps.map(scheduleFrom({ kind, learningRate: 0.3, final: 0.1, steps: 100 }));
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

  it('refuse rates and milestones that mean nothing, by name', () => {
    const refused = (rate: unknown) => expect(() => scheduleFrom(rate as LearningRate, 9));
    refused(0).toThrow('scheduleFrom: expected learningRate to be a positive number, got 0');
    refused('1e-3').toThrow("got '1e-3'; did you mean 0.001?");
    refused({ kind: 'steps', learningRate: 1, milestones: [1.5] }).toThrow(
      /learningRate\.milestones\.0 to be an integer from 0 up, got 1\.5/,
    );
    refused({ kind: 'linear', learningRate: 1, steps: 0 }).toThrow(/learningRate\.steps to be a positive number, got 0/);
    refused({ kind: 'linear', learningRate: 1, final: -1, steps: 1 }).toThrow(/learningRate\.final to be a number from 0 up, got -1/);
    refused({ kind: 'linear', learningRate: 1, warmUp: -1 }).toThrow(/learningRate\.warmUp to be a number from 0 up, got -1/);
    refused({ kind: 'exponential', learningRate: 1, factor: 0.9, every: 0 }).toThrow(/learningRate\.every to be a positive number, got 0/);
    refused({ kind: 'exponential', learningRate: 1, factr: 0.9 }).toThrow(
      /unknown option learningRate\.factr; did you mean factor\?; expected learningRate\.factor to be a positive number, got nothing/,
    );
    refused({ kind: 'cosin', learningRate: 1 }).toThrow(/learningRate\.kind to be one of .* got 'cosin'; did you mean 'cosine'\?/);
  });

  it('refuse every unknown key and wrong kind by name', () => {
    const kinds = {
      steps: { milestones: [1], factor: 1 },
      exponential: { factor: 1, every: 1 },
      cosine: { final: 0, steps: 1 },
      linear: { final: 0, steps: 1 },
    };
    const wrong = fc.constantFrom(NaN, -1, 'much', null, Symbol('s'), 7n, ['x']);
    fc.assert(
      fc.property(fc.constantFrom(...Object.entries(kinds)), fc.stringMatching(/^[a-z]\w*$/), wrong, ([kind, rest], key, value) => {
        const known = { kind, learningRate: 1, warmUp: 1, ...rest };
        const message = key in known ? `expected learningRate.${key}` : `unknown option learningRate.${key}`;
        expect(() => scheduleFrom({ ...known, [key]: value } as LearningRate)).toThrow(message);
        for (const own of Object.keys(known)) {
          const refused = expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining(`expected learningRate.${own}`) as string }) as Error; // prettier-ignore
          expect(() => scheduleFrom({ ...known, [own]: value } as LearningRate)).toThrow(refused);
        }
      }),
    );
  });
});
