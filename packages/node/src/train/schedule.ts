import { NetSpaceError } from '@netspace/prep';

/** Learning rate at each step, counted from 0. */
export type Schedule = (step: number) => number;

/** A schedule as plain data, for config files and checkpoints. Steps and milestones count optimizer steps. */
export type ScheduleConfig =
  | number
  | { readonly kind: 'steps'; readonly learningRate: number; readonly milestones: readonly number[]; readonly factor?: number }
  | { readonly kind: 'exponential'; readonly learningRate: number; readonly factor: number; readonly every?: number };

/** The same learning rate at every step. */
export function constantSchedule(learningRate: number): Schedule {
  checkRate('constantSchedule', learningRate);
  return () => learningRate;
}

/**
 * Multiplies the learning rate by `factor` at each milestone: `lr · factor^#{m : m ≤ step}`, PyTorch's MultiStepLR.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the rate is not positive or a milestone is not a step
 */
export function stepSchedule({
  learningRate,
  milestones,
  factor = 0.1,
}: {
  readonly learningRate: number;
  readonly milestones: readonly number[];
  readonly factor?: number;
}): Schedule {
  checkRate('stepSchedule', learningRate);
  const bad = milestones.find((milestone) => !(Number.isInteger(milestone) && milestone >= 0));
  if (bad !== undefined) throw new NetSpaceError('INVALID_OPTION', `stepSchedule: milestones must be whole steps from 0, got ${bad}`);
  return (step) => learningRate * factor ** milestones.filter((milestone) => milestone <= step).length;
}

/**
 * Multiplies the learning rate by `factor` every so many steps: `lr · factor^⌊step / every⌋`, PyTorch's StepLR.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the rate or `every` is not positive
 */
export function exponentialSchedule({
  learningRate,
  factor,
  every = 1,
}: {
  readonly learningRate: number;
  readonly factor: number;
  readonly every?: number;
}): Schedule {
  checkRate('exponentialSchedule', learningRate);
  if (!(every > 0)) throw new NetSpaceError('INVALID_OPTION', `exponentialSchedule: every must be positive, got ${every}`);
  return (step) => learningRate * factor ** Math.floor(step / every);
}

/** The schedule that a config describes; a number is a constant rate. */
export function scheduleFrom(config: ScheduleConfig): Schedule {
  if (typeof config === 'number') return constantSchedule(config);
  return config.kind === 'steps' ? stepSchedule(config) : exponentialSchedule(config);
}

/** A number stands for a constant rate. */
export const toSchedule = (rate: number | Schedule): Schedule => (typeof rate === 'number' ? constantSchedule(rate) : rate);

function checkRate(name: string, rate: number): void {
  if (!(rate > 0 && Number.isFinite(rate)))
    throw new NetSpaceError('INVALID_OPTION', `${name}: learningRate must be positive, got ${rate}`);
}
