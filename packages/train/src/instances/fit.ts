import { NetSpaceError, type StepProgress } from '@netspace/prep';
import {
  abortSignal,
  diverged,
  functionOf,
  type GivenBy,
  listOf,
  nextTask,
  objectOf,
  optional,
  parseOptions,
  tensor,
  text,
  thing,
  variableGrads,
  whole,
} from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import type { Optimizer } from '@netspace/model';
import { tensorsUnder } from '../checkpoint/checkpoint.js';
import { LOOK_EVERY, termNotFinite } from '../divergence.js';
import { runningMeans } from '../metrics/running-means.js';
import { numbered, ofState, type Resume, type TrainingState, underName } from './resume.js';

/** See {@link FitOptions}. */
export const fitOptions = objectOf({
  /** Names the caller in errors. */
  name: text,
  /** Start values of the variables. The caller keeps these tensors. */
  start: listOf(tensor, 'a list of tensors'),
  /** The loss of a step (from 0), a scalar that depends on the variables; runs inside a gradient. */
  loss: functionOf<(variables: readonly tf.Variable[], step: number) => tf.Scalar>(),
  /** The optimizer that changes the variables; `fit` disposes of it at the end. */
  optimizer: thing<Optimizer>('an optimizer, as adam or sgd makes it', ['apply', 'dispose']),
  /** Steps after which the fit pauses and yields, ascending. The last one ends the fit. */
  stops: listOf(whole, 'a list of steps'),
  /** Stops after the step in progress. */
  signal: optional(abortSignal),
  /** Called after each step. */
  onStep: optional(functionOf<(progress: StepProgress) => void>()),
});

/** Options of {@link fit}. */
export interface FitOptions extends GivenBy<typeof fitOptions> {}

/** The state of a fit at a stop. The variables belong to the fit and go on changing. */
export interface FitStop {
  readonly step: number;
  readonly variables: readonly tf.Variable[];
  /** Mean loss since the last stop. */
  readonly loss: number;
}

/**
 * Minimizes a loss over some tensors and pauses at each stop. The fit owns the optimizer from now on and disposes of it at the end.
 *
 * Loss and variables are checked before each stop, and at least every 50 steps.
 *
 * @throws NetSpaceError `ABORTED` when the signal stopped it, `DIVERGED` when the loss or a variable became NaN or infinite (see
 *   `divergenceOf`), `INVALID_OPTION` if the stops are not ascending positive integers, or for options that are unknown,
 *   missing or wrong
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs';
 * import { adam, fit } from '@netspace/train';
 *
 * const loss = ([x]: readonly tf.Variable[]) => tf.sum(tf.square(tf.sub(x!, 3))) as tf.Scalar; // least at 3
 * const options = { name: 'example', start: [tf.scalar(0)], loss, optimizer: adam({ learningRate: 0.1 }), stops: [200] };
 * for await (const { variables } of fit(options)) {
 *   console.log((await variables[0]!.data())[0]!.toFixed(1)); // 3.0
 * }
 * ```
 */
export async function* fit(options: FitOptions): AsyncGenerator<FitStop, void> {
  yield* fitFrom(options);
}

/** As {@link fit}, which goes on from a state, and has its states kept. */
export async function* fitFrom(options: FitOptions, resume?: Resume): AsyncGenerator<FitStop, void> {
  const { name, start, loss, optimizer, stops, signal, onStep } = parseOptions('fit', fitOptions, options);
  checkStops(name, stops);
  const variables = start.map((tensor) => tf.variable(tensor));
  const named = Object.fromEntries(variables.map((variable, i) => [String(i), variable]));
  const means = runningMeans(['loss']);
  const steps = stops.at(-1)!;
  let looked = Number(resume?.from?.facts['looked'] ?? 0);
  let step = resume?.from?.step ?? 0;
  const look = async (step: number, how: 'read' | 'peek'): Promise<number> => {
    const reading = await means[how](variables);
    const term = await termNotFinite(reading, Object.entries(named));
    if (term !== undefined) throw diverged(name, { after: looked, step, term }, 'take a smaller learning rate');
    looked = step;
    return reading.means['loss']!;
  };
  const state = (): TrainingState => ({
    step,
    facts: { looked },
    tensors: {
      ...numbered('value', variables),
      ...underName('optimizer/', optimizer.state()),
      ...underName('means/', means.state()),
    },
  });
  try {
    if (resume?.from !== undefined) {
      const { tensors } = resume.from;
      const values = ofState(resume.from, 'value', variables.length);
      variables.forEach((variable, i) => variable.assign(values[i]!));
      tf.dispose(values);
      await optimizer.restore(tensorsUnder(tensors, 'optimizer/'), named);
      await means.restore(tensorsUnder(tensors, 'means/'));
    }
    while (step < steps) {
      if (signal?.aborted) throw new NetSpaceError('ABORTED', `${name}: stopped by its signal after step ${step} of ${steps}`);
      tf.tidy(() => {
        const { grads } = variableGrads(() => {
          const value = loss(variables, step);
          means.add([value]);
          return value;
        }, variables);
        optimizer.apply(named, Object.fromEntries(variables.map((variable, i) => [String(i), grads[variable.name]!])));
      });
      step++; // not inside the call, because a step must also count if nobody listens
      onStep?.({ step, steps });
      if (stops.includes(step)) yield { step, variables, loss: await look(step, 'read') };
      else if (step % LOOK_EVERY === 0) await look(step, 'peek');
      await resume?.keep(state);
      await nextTask(); // lets signals and timers in between steps
    }
  } finally {
    tf.dispose(variables);
    optimizer.dispose();
    means.dispose();
  }
}

/** Refuses stops that do not ascend or are no step numbers. */
export function checkStops(name: string, stops: readonly number[]): void {
  const ascending = stops.every((stop, i) => Number.isInteger(stop) && stop > (stops[i - 1] ?? 0));
  if (stops.length === 0 || !ascending) {
    throw new NetSpaceError('INVALID_OPTION', `${name}: expected lengths that ascend and are at least one step, got [${stops}] steps`);
  }
}
