import { ADAM_CONSTANTS, adamRule, sgdRule, type UpdateRule } from '@netspace/model/internal';
import { NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { ofState, type TrainingState } from './resume.js';
import { type InstanceOptimizer, stepSchedule } from './instance-optimizer.js';

/** Moves the rows of one variable, each of which is a network with a rate of its own. */
export interface RowsOptimizer {
  /** Assigns the variable its next value. */
  apply(rows: tf.Variable, gradient: tf.Tensor): void;
  /** Goes on with the rows of these places, in this order. */
  keep(places: readonly number[]): void;
  /** Its momentum and the like, each with a row for each row that is left; none before the first step. */
  slots(): readonly tf.Tensor[];
  /** Goes on from a state of these rows, whose slots are `slot/0` and so on. It copies them. */
  restore(state: TrainingState, places: readonly number[]): void;
  dispose(): void;
}

/** A network's optimizer and how long it is trained. */
export interface RowRun {
  readonly optimizer: InstanceOptimizer;
  /** The length of its run, in the unit of its schedule. */
  readonly length: number;
}

/**
 * The optimizer of several networks: each row moves as `instanceOptimizer` of its config would move it.
 *
 * @param stepsPerUnit the number of steps in one unit of the schedules
 * @throws NetSpaceError `INVALID_OPTION` if the optimizers are not of one kind
 */
export function rowsOptimizer(caller: string, runs: readonly RowRun[], stepsPerUnit: number): RowsOptimizer {
  let left = runs.map(({ optimizer, length }) => ({ optimizer, rate: stepSchedule(optimizer.learningRate, stepsPerUnit, length) }));
  let rule = ruleOf(caller, runs);
  let slots: readonly tf.Tensor[] | undefined;
  let step = 0;
  const replaceSlots = (next: readonly tf.Tensor[]): void => {
    tf.dispose([...(slots ?? [])]);
    slots = next;
  };
  return {
    apply(rows, gradient) {
      const learningRate = left.map(({ rate }) => rate(step));
      tf.tidy(() => {
        const next = rule.update({ value: rows, gradient, slots, step, learningRate });
        replaceSlots(next.slots.map((slot) => tf.keep(slot.clone()))); // a handle that outlives the tidy
        rows.assign(next.value);
      });
      step++;
    },
    keep(places) {
      left = places.map((place) => left[place]!);
      rule = ruleOf(caller, left);
      if (slots !== undefined) replaceSlots(slots.map((slot) => tf.gather(slot, [...places])));
    },
    slots: () => slots ?? [],
    restore(state, places) {
      this.keep(places);
      step = state.step;
      const count = Object.keys(state.tensors).filter((name) => name.startsWith('slot/')).length;
      replaceSlots(ofState(state, 'slot', count));
    },
    dispose: () => replaceSlots([]),
  };
}

function ruleOf(caller: string, runs: readonly Pick<RowRun, 'optimizer'>[]): UpdateRule {
  const descents = runs.flatMap(({ optimizer }) => (optimizer.kind === 'sgd' ? [optimizer] : []));
  if (descents.length === 0) return adamRule(ADAM_CONSTANTS);
  if (descents.length === runs.length) {
    return sgdRule({
      momentum: descents.map(({ momentum = 0 }) => momentum),
      weightDecay: descents.map(({ weightDecay = 0 }) => weightDecay),
    });
  }
  throw new NetSpaceError(
    'INVALID_OPTION',
    `${caller}: expected optimizers of one kind, got ${descents.length} of sgd and ${runs.length - descents.length} of adam; train them in two calls`,
  );
}
