import { describe, expectTypeOf, it } from 'vitest';

import type { AdamOptions } from './adam.js';
import { type CosineRate, type LearningRate, type Schedule, scheduleFrom, type StepsRate } from './learning-rate.js';

describe('LearningRate', () => {
  it('is a number or a schedule of one of four kinds', () => {
    expectTypeOf<number>().toExtend<LearningRate>();
    expectTypeOf<{ kind: 'steps'; learningRate: number; milestones: readonly number[] }>().toExtend<LearningRate>();
    expectTypeOf<{ kind: 'exponential'; learningRate: number; factor: number; every: number }>().toExtend<LearningRate>();
    expectTypeOf<{ kind: 'cosine'; learningRate: number; steps: number; warmUp: number }>().toExtend<LearningRate>();
    expectTypeOf<{ kind: 'linear'; learningRate: number; final: number }>().toExtend<LearningRate>();
    expectTypeOf<Exclude<LearningRate, number>['kind']>().toEqualTypeOf<'steps' | 'exponential' | 'cosine' | 'linear'>();
  });
  it('is told apart by its kind', () => {
    expectTypeOf<Extract<LearningRate, { readonly kind: 'steps' }>>().toEqualTypeOf<StepsRate>();
    expectTypeOf<Extract<LearningRate, { readonly kind: 'cosine' }>>().toEqualTypeOf<CosineRate>();
  });
  it('takes no unknown kind, no kind without a rate, and only what belongs to its kind', () => {
    expectTypeOf<{ kind: 'polynomial'; learningRate: number }>().not.toExtend<LearningRate>();
    expectTypeOf<{ learningRate: number }>().not.toExtend<LearningRate>();
    expectTypeOf<{ kind: 'cosine'; steps: number }>().not.toExtend<LearningRate>();
    expectTypeOf<{ kind: 'steps'; learningRate: number }>().not.toExtend<LearningRate>();
    expectTypeOf<{ kind: 'exponential'; learningRate: number }>().not.toExtend<LearningRate>();
    expectTypeOf<string>().not.toExtend<LearningRate>();
    // @ts-expect-error milestones belong to 'steps'
    scheduleFrom({ kind: 'linear', learningRate: 1, milestones: [10] });
    // @ts-expect-error a misspelled option
    scheduleFrom({ kind: 'linear', learningRate: 1, warmup: 10 });
  });
  it('is no function, which only optimizers take beside it', () => {
    expectTypeOf<Schedule>().not.toExtend<LearningRate>();
    expectTypeOf<{ learningRate: Schedule }>().toExtend<AdamOptions>();
    expectTypeOf<{ learningRate: LearningRate }>().toExtend<AdamOptions>();
    expectTypeOf<{ learningRate: string }>().not.toExtend<AdamOptions>();
    expectTypeOf(scheduleFrom(0.1)).toEqualTypeOf<Schedule>();
  });
});
