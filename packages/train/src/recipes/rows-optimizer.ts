import type { Schedule } from '@netspace/model';
import { ADAM_CONSTANTS, adamRule, sgdRule, type UpdateRule } from '@netspace/model/internal';
import { NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { type InstanceOptimizer, stepSchedule } from './instance-optimizer.js';

/** Moves the rows of one variable, each of which is a network with a rate of its own. */
export interface RowsOptimizer {
  /** Assigns the variable its next value. */
  apply(rows: tf.Variable, gradient: tf.Tensor): void;
  dispose(): void;
}

interface Run {
  /** The number of steps in one unit of the schedules. */
  readonly stepsPerUnit: number;
  /** The length of the run, in that unit. */
  readonly length: number;
}

/**
 * The optimizer of several networks: each row moves as `instanceOptimizer` of its config would move it.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the configs are not of one kind
 */
export function rowsOptimizer(caller: string, configs: readonly InstanceOptimizer[], { stepsPerUnit, length }: Run): RowsOptimizer {
  const rule = ruleOf(caller, configs);
  const schedules = configs.map(({ learningRate }): Schedule => stepSchedule(learningRate, stepsPerUnit, length));
  let slots: readonly tf.Tensor[] | undefined;
  let step = 0;
  return {
    apply(rows, gradient) {
      const learningRate = schedules.map((schedule) => schedule(step));
      tf.tidy(() => {
        const next = rule.update({ value: rows, gradient, slots, step, learningRate });
        const kept = next.slots.map((slot) => tf.keep(slot.clone())); // a handle that outlives the tidy
        tf.dispose([...(slots ?? [])]);
        slots = kept;
        rows.assign(next.value);
      });
      step++;
    },
    dispose: () => tf.dispose([...(slots ?? [])]),
  };
}

function ruleOf(caller: string, configs: readonly InstanceOptimizer[]): UpdateRule {
  const descents = configs.flatMap((config) => (config.kind === 'sgd' ? [config] : []));
  if (descents.length === 0) return adamRule(ADAM_CONSTANTS);
  if (descents.length === configs.length) {
    return sgdRule({
      momentum: descents.map(({ momentum = 0 }) => momentum),
      weightDecay: descents.map(({ weightDecay = 0 }) => weightDecay),
    });
  }
  throw new NetSpaceError(
    'INVALID_OPTION',
    `${caller}: expected optimizers of one kind, got ${descents.length} of sgd and ${configs.length - descents.length} of adam; train them in two calls`,
  );
}
