import { adam, type LearningRate, type Optimizer, type Schedule, scheduleFrom, sgd } from '@netspace/model';
import { isAnnealed, learningRateOption } from '@netspace/model/internal';
import { byKind, decay, nonNegative, objectOf, oneOf, withDefault } from '@netspace/prep/internal';

/** The option `optimizer` of a recipe. */
export const instanceOptimizerOption = byKind('kind', {
  sgd: objectOf({
    kind: oneOf(['sgd']),
    learningRate: learningRateOption,
    /**
     * Share of the last step that the next one keeps, in [0, 1).
     * @default 0
     */
    momentum: withDefault(decay, 0),
    /**
     * Factor of the weights that is added to their gradient, from 0 up.
     * @default 0
     */
    weightDecay: withDefault(nonNegative, 0),
  }),
  adam: objectOf({ kind: oneOf(['adam']), learningRate: learningRateOption }),
});

/**
 * The optimizer of an instance, as plain data. Milestones, `every` and `steps` of a schedule count in the unit of the lengths. Without
 * `steps`, the rate reaches its end with the run. If `snapshots` is off, every instance then ends with a rate that has fallen to its end.
 */
export type InstanceOptimizer =
  | {
      readonly kind: 'sgd';
      readonly learningRate: LearningRate;
      /**
       * Share of the last step that the next one keeps, in [0, 1).
       * @default 0
       */
      readonly momentum?: number | undefined;
      /**
       * Factor of the weights that is added to their gradient, from 0 up.
       * @default 0
       */
      readonly weightDecay?: number | undefined;
    }
  | { readonly kind: 'adam'; readonly learningRate: LearningRate };

/** The paper's recipe for instances, without its schedule: SGD 0.05, momentum 0.9, weight decay 5e-4. */
export const PAPER_SGD = { kind: 'sgd', learningRate: 0.05, momentum: 0.9, weightDecay: 5e-4 } as const satisfies InstanceOptimizer;

/**
 * The optimizer of a config.
 *
 * @param stepsPerUnit the number of steps in one unit of its schedule: the steps of an epoch, or 1
 * @param length the length of the run, in that unit
 */
export function instanceOptimizer(config: InstanceOptimizer, stepsPerUnit: number, length: number): Optimizer {
  const learningRate = stepSchedule(config.learningRate, stepsPerUnit, length);
  if (config.kind === 'adam') return adam({ learningRate });
  const { momentum = 0, weightDecay = 0 } = config;
  return sgd({ learningRate, momentum, weightDecay });
}

/** A rate in units of the run as a function of its steps. */
export function stepSchedule(rate: LearningRate, stepsPerUnit: number, length: number): Schedule {
  const inUnits = scheduleFrom(rate, length);
  // Cosine and linear rates are smooth; the others change from one unit to the next.
  return (step) => inUnits(isAnnealed(rate) ? step / stepsPerUnit : Math.floor(step / stepsPerUnit));
}
