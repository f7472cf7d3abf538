import { NetSpaceError } from '@netspace/prep';
import { byKind, choose, type GivenBy, listOf, nonNegative, objectOf, oneOf, optional, parseOptions, positive, type UsedBy, whole, withDefault } from '@netspace/prep/internal'; // prettier-ignore

/** Learning rate at each step, counted from 0. */
export type Schedule = (step: number) => number;

/** Steps over which the rate first rises along a straight line to what it would be without; none unless given. */
const warmUp = optional(nonNegative);

const anneal = <K extends string>(kind: K) =>
  objectOf({
    kind: oneOf([kind]),
    learningRate: positive,
    /** @default 0 */
    final: withDefault(nonNegative, 0),
    /** Over so many steps, then `final`; the length of the run unless given. */
    steps: optional(positive),
    warmUp,
  });

const schedules = byKind('kind', {
  /** Falls by `factor` at each milestone. */
  steps: objectOf({
    kind: oneOf(['steps']),
    learningRate: positive,
    milestones: listOf(whole, 'a list of steps'),
    /** @default 0.1 */
    factor: withDefault(positive, 0.1),
    warmUp,
  }),
  /** Times `factor` every so many steps. */
  exponential: objectOf({
    kind: oneOf(['exponential']),
    learningRate: positive,
    factor: positive,
    /** @default 1 */
    every: withDefault(positive, 1),
    warmUp,
  }),
  /** From `learningRate` down to `final` over the run, along half a cosine. */
  cosine: /* @__PURE__ */ anneal('cosine'),
  /** The same along a straight line. */
  linear: /* @__PURE__ */ anneal('linear'),
});

/** The option `learningRate`, wherever there is one. */
export const learningRateOption = choose('a positive number or a schedule', (given) =>
  typeof given === 'object' && given !== null ? schedules : positive,
);

/**
 * A learning rate as plain data, for calls, config files and checkpoints alike: a number, or a schedule that is told apart by its `kind`
 * (`steps`, `exponential`, `cosine`, `linear`). Steps and milestones count optimizer steps; every schedule may have a `warmUp`.
 */
export type LearningRate = GivenBy<typeof learningRateOption>;
type UsedRate = UsedBy<typeof learningRateOption>;

/**
 * The schedule that a learning rate describes, with lr its `learningRate`:
 *
 * - a number: the same at every step;
 * - `steps`: `lr · factor^#{m : m ≤ step}` over its milestones m, PyTorch's MultiStepLR;
 * - `exponential`: `lr · factor^⌊step / every⌋`, PyTorch's StepLR;
 * - `cosine` and `linear`: `final + (lr − final) · s(step / steps)` with `s(t) = (1 + cos πt) / 2` or `1 − t`, and `final` from then on;
 * - `warmUp`: times `min(1, (step + 1) / (warmUp + 1))`. The first steps of a space are its boldest, and what they undo of networks that it
 *   starts from may never come back.
 *
 * @param length steps of the run, over which a rate is annealed if it does not say how many
 * @throws NetSpaceError `INVALID_OPTION` if the rate means nothing, or it takes the run's length and none is given
 * @example
 * import { scheduleFrom } from '@netspace/model';
 *
 * const rate = scheduleFrom({ kind: 'linear', learningRate: 1 }, 4);
 * console.log([0, 1, 2, 3, 4].map(rate)); // [ 1, 0.75, 0.5, 0.25, 0 ]
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

/** The same rate with its steps written out, where they are the run's: what a checkpoint records. */
export const withLength = (rate: LearningRate, length: number): LearningRate =>
  isAnnealed(rate) ? { ...rate, steps: rate.steps ?? length } : rate;

/** Whether a rate falls smoothly, at every step. */
export const isAnnealed = (rate: LearningRate): rate is Extract<LearningRate, { readonly kind: 'cosine' | 'linear' }> =>
  typeof rate !== 'number' && (rate.kind === 'cosine' || rate.kind === 'linear');

/** The same rate with its defaults filled in: two rates are the same if these are. */
export const usedRate = (rate: LearningRate): UsedRate =>
  parseOptions('scheduleFrom', objectOf({ learningRate: learningRateOption }), { learningRate: rate }).learningRate;
