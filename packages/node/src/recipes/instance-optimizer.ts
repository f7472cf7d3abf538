import { adam } from '../train/adam.js';
import type { Optimizer } from '../train/optimizer.js';
import { scheduleFrom, type Schedule, type ScheduleConfig } from '../train/schedule.js';
import { sgd } from '../train/sgd.js';

/** How an instance learns, as plain data; milestones and `every` of a schedule count in the unit of the lengths. */
export type InstanceOptimizer =
  | { readonly kind: 'sgd'; readonly learningRate: ScheduleConfig; readonly momentum?: number; readonly weightDecay?: number }
  | { readonly kind: 'adam'; readonly learningRate: ScheduleConfig };

/** The paper's recipe for instances, without its schedule: SGD 0.05, momentum 0.9, weight decay 5e-4. */
export const PAPER_SGD: InstanceOptimizer = { kind: 'sgd', learningRate: 0.05, momentum: 0.9, weightDecay: 5e-4 };

/**
 * The optimizer of a config.
 *
 * @param stepsPerUnit how many steps are one unit of its schedule: the steps of an epoch, or 1
 */
export function instanceOptimizer(config: InstanceOptimizer, stepsPerUnit: number): Optimizer {
  const inUnits = scheduleFrom(config.learningRate);
  const learningRate: Schedule = (step) => inUnits(Math.floor(step / stepsPerUnit));
  if (config.kind === 'adam') return adam({ learningRate });
  const { momentum = 0, weightDecay = 0 } = config;
  return sgd({ learningRate, momentum, weightDecay });
}
