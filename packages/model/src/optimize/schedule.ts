import { NetSpaceError } from '@netspace/prep';

/** Learning rate at each step, counted from 0. */
export type Schedule = (step: number) => number;

/** A schedule as plain data, for config files and checkpoints. Steps and milestones count optimizer steps. */
export type ScheduleConfig = number | ((StepConfig | ExponentialConfig | AnnealConfig) & WarmUpConfig);

/** What every schedule can have beside. */
export interface WarmUpConfig {
  /** Steps over which the rate rises along a straight line to what it would be without; none unless given. */
  readonly warmUp?: number | undefined;
}

/** Falls by `factor` at each milestone. */
export interface StepConfig {
  readonly kind: 'steps';
  readonly learningRate: number;
  readonly milestones: readonly number[];
  readonly factor?: number;
}

/** Times `factor` every so many steps. */
export interface ExponentialConfig {
  readonly kind: 'exponential';
  readonly learningRate: number;
  readonly factor: number;
  readonly every?: number;
}

/** From `learningRate` down to `final` (0 unless given) over the run, along half a cosine or a straight line. */
export interface AnnealConfig {
  readonly kind: 'cosine' | 'linear';
  readonly learningRate: number;
  readonly final?: number;
  /** Over so many steps, then `final`; the length of the run unless given. */
  readonly steps?: number | undefined;
}

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

/**
 * Anneals the learning rate: `final + (lr − final) · s(step / steps)` with `s(t) = (1 + cos πt) / 2` or `1 − t`, and `final` from then on.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the rate or the number of steps is not positive, or the final rate negative
 * @see Loshchilov, Hutter, "SGDR: Stochastic gradient descent with warm restarts", arXiv:1608.03983, equation (5)
 */
export function annealSchedule({ kind, learningRate, final = 0, steps }: AnnealConfig & { readonly steps: number }): Schedule {
  checkRate('annealSchedule', learningRate);
  if (!(final >= 0)) throw new NetSpaceError('INVALID_OPTION', `annealSchedule: final must be 0 or more, got ${final}`);
  if (!(steps > 0)) throw new NetSpaceError('INVALID_OPTION', `annealSchedule: steps must be positive, got ${steps}`);
  return (step) => {
    const t = Math.min(1, step / steps);
    return final + (learningRate - final) * (kind === 'linear' ? 1 - t : (1 + Math.cos(Math.PI * t)) / 2);
  };
}

/**
 * The schedule that a config describes; a number is a constant rate.
 *
 * @param length steps of the run, over which a rate is annealed if its config does not say how many
 * @throws NetSpaceError `INVALID_OPTION` if the config means nothing, or it takes the run's length and none is given
 */
export function scheduleFrom(config: ScheduleConfig, length?: number): Schedule {
  if (typeof config === 'number') return constantSchedule(config);
  const { warmUp = 0 } = config;
  const schedule = withoutWarmUp(config, length);
  return warmUp === 0 ? schedule : warmUpSchedule(schedule, { steps: warmUp });
}

/**
 * Rises to another schedule: `schedule(step) · min(1, (step + 1) / (steps + 1))`. The first steps of a space are its boldest, and what they
 * undo of networks that it starts from may never come back.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the number of steps is not positive
 */
export function warmUpSchedule(schedule: Schedule, { steps }: { readonly steps: number }): Schedule {
  if (!(steps > 0)) throw new NetSpaceError('INVALID_OPTION', `warmUpSchedule: steps must be positive, got ${steps}`);
  return (step) => schedule(step) * Math.min(1, (step + 1) / (steps + 1));
}

function withoutWarmUp(config: Exclude<ScheduleConfig, number>, length: number | undefined): Schedule {
  if (config.kind === 'steps') return stepSchedule(config);
  if (config.kind === 'exponential') return exponentialSchedule(config);
  const { steps = length } = config;
  if (steps === undefined) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `scheduleFrom: expected steps in a ${config.kind} schedule, got none; give them, or a length`,
    );
  }
  return annealSchedule({ ...config, steps });
}

/** The same config with the steps written out, where they are the run's. */
export const withLength = (config: ScheduleConfig, length: number): ScheduleConfig =>
  isAnnealed(config) ? { ...config, steps: config.steps ?? length } : config;

export const isAnnealed = (config: ScheduleConfig): config is AnnealConfig & WarmUpConfig =>
  typeof config !== 'number' && (config.kind === 'cosine' || config.kind === 'linear');

/** A number stands for a constant rate. */
export const toSchedule = (rate: number | Schedule): Schedule => (typeof rate === 'number' ? constantSchedule(rate) : rate);

function checkRate(name: string, rate: number): void {
  if (!(rate > 0 && Number.isFinite(rate)))
    throw new NetSpaceError('INVALID_OPTION', `${name}: learningRate must be positive, got ${rate}`);
}
