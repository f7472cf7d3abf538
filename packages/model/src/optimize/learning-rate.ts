import { NetSpaceError } from '@netspace/prep';
import { byKind, choose, type GivenBy, listOf, nonNegative, objectOf, oneOf, optional, parseOptions, positive, type UsedBy, whole, withDefault } from '@netspace/prep/internal'; // prettier-ignore

/** The learning rate as a function of the step, counted from 0. */
export type Schedule = (step: number) => number;

const warmUp = {
  /**
   * Steps over which the rate first rises in a straight line, to its value without warm-up.
   * @default 0
   */
  warmUp: optional(nonNegative),
};

const anneal = <K extends string>(kind: K) =>
  objectOf({
    kind: oneOf([kind]),
    /** The rate at the start. */
    learningRate: positive,
    /**
     * The rate at the end.
     * @default 0
     */
    final: withDefault(nonNegative, 0),
    /**
     * Steps from the start to the end; the rate then stays at `final`.
     * @default the length of the run
     */
    steps: optional(positive),
    ...warmUp,
  });

const stepsRate = objectOf({
  kind: oneOf(['steps']),
  /** The rate before the first milestone. */
  learningRate: positive,
  /** Steps at which the rate falls. */
  milestones: listOf(whole, 'a list of steps'),
  /**
   * Factor of the rate at each milestone.
   * @default 0.1
   */
  factor: withDefault(positive, 0.1),
  ...warmUp,
});

const exponentialRate = objectOf({
  kind: oneOf(['exponential']),
  /** The rate at the start. */
  learningRate: positive,
  /** Factor of the rate after every `every` steps. */
  factor: positive,
  /**
   * Steps between two changes of the rate.
   * @default 1
   */
  every: withDefault(positive, 1),
  ...warmUp,
});

const cosineRate = /* @__PURE__ */ anneal('cosine');
const linearRate = /* @__PURE__ */ anneal('linear');

const schedules = byKind('kind', { steps: stepsRate, exponential: exponentialRate, cosine: cosineRate, linear: linearRate });

/** A learning rate that is multiplied by `factor` at each milestone. */
export interface StepsRate extends GivenBy<typeof stepsRate> {}
/** A learning rate that is multiplied by `factor` after every `every` steps. */
export interface ExponentialRate extends GivenBy<typeof exponentialRate> {}
/** A learning rate that falls from `learningRate` to `final` along half a cosine. */
export interface CosineRate extends GivenBy<typeof cosineRate> {}
/** A learning rate that falls from `learningRate` to `final` in a straight line. */
export interface LinearRate extends GivenBy<typeof linearRate> {}

/** The option `learningRate`, wherever there is one. */
export const learningRateOption = choose('a positive number or a schedule', (given) =>
  typeof given === 'object' && given !== null ? schedules : positive,
);

/**
 * A learning rate as plain data, the same in calls, config files and checkpoints: a number, or an object whose `kind` names its schedule.
 * Steps and milestones count optimizer steps. {@link scheduleFrom} gives the formulas.
 */
export type LearningRate = number | StepsRate | ExponentialRate | CosineRate | LinearRate;
type UsedRate = UsedBy<typeof learningRateOption>;

/**
 * The schedule that a learning rate describes, with lr its `learningRate`:
 *
 * - a number: the same at every step;
 * - `steps`: `lr · factor^#{m : m ≤ step}` over its milestones m, PyTorch's MultiStepLR;
 * - `exponential`: `lr · factor^⌊step / every⌋`, PyTorch's StepLR;
 * - `cosine` and `linear`: `final + (lr − final) · s(step / steps)` with `s(t) = (1 + cos πt) / 2` or `1 − t`, and `final` after `steps`;
 * - with `warmUp`: the same times `min(1, (step + 1) / (warmUp + 1))`. The first steps of a training are the largest. Warm-up keeps these
 *   steps from spoiling the networks that a space starts from.
 *
 * @param length steps of the run, which `cosine` and `linear` need if the rate has no `steps`
 * @throws NetSpaceError `INVALID_OPTION` if the rate is no {@link LearningRate}, or it needs the length and none is given
 * @example
 * ```ts
 * import { scheduleFrom } from '@netspace/model';
 *
 * const rate = scheduleFrom({ kind: 'linear', learningRate: 1 }, 4);
 * console.log([0, 1, 2, 3, 4].map(rate)); // [ 1, 0.75, 0.5, 0.25, 0 ]
 * ```
 * @see Loshchilov, Hutter, "SGDR: Stochastic gradient descent with warm restarts", arXiv:1608.03983, equation (5)
 */
export function scheduleFrom(rate: LearningRate, length?: number): Schedule {
  const used = usedRate(rate);
  if (typeof used === 'number') return () => used;
  const schedule = withoutWarmUp(used, length);
  const steps = used.warmUp ?? 0;
  return steps === 0 ? schedule : (step) => schedule(step) * Math.min(1, (step + 1) / (steps + 1));
}

function withoutWarmUp(used: Exclude<UsedRate, number>, length: number | undefined): Schedule {
  if (used.kind === 'steps') {
    const { learningRate, milestones, factor } = used;
    return (step) => learningRate * factor ** milestones.filter((milestone) => milestone <= step).length;
  }
  if (used.kind === 'exponential') {
    const { learningRate, factor, every } = used;
    return (step) => learningRate * factor ** Math.floor(step / every);
  }
  const { kind, learningRate, final, steps = length } = used;
  if (steps === undefined) {
    throw new NetSpaceError('INVALID_OPTION', `scheduleFrom: expected steps in a ${kind} schedule, got none; give them, or a length`);
  }
  return (step) => {
    const t = Math.min(1, step / steps);
    return final + (learningRate - final) * (kind === 'linear' ? 1 - t : (1 + Math.cos(Math.PI * t)) / 2);
  };
}

/** The same rate, with the steps of the run written out if it has none of its own. A checkpoint records this. */
export const withLength = (rate: LearningRate, length: number): LearningRate =>
  isAnnealed(rate) ? { ...rate, steps: rate.steps ?? length } : rate;

/** Whether a rate falls smoothly, at every step. */
export const isAnnealed = (rate: LearningRate): rate is CosineRate | LinearRate =>
  typeof rate !== 'number' && (rate.kind === 'cosine' || rate.kind === 'linear');

/** The same rate with its defaults filled in: two rates are the same if these are. */
export const usedRate = (rate: LearningRate): UsedRate =>
  parseOptions('scheduleFrom', objectOf({ learningRate: learningRateOption }), { learningRate: rate }).learningRate;
