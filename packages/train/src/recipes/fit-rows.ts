import { NetSpaceError, type ParameterSpec, type StepProgress } from '@netspace/prep';
import { diverged, nextTask, variableGrads } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { LOOK_EVERY } from '../divergence.js';
import { checkStops } from './fit.js';
import { parameterAt } from './network-rows.js';
import type { RowsOptimizer } from './rows-optimizer.js';

export interface FitRowsOptions {
  /** Names the caller in errors. */
  readonly name: string;
  /** Start values, `[networks, parameters]`. The caller keeps this tensor. */
  readonly start: tf.Tensor2D;
  /** The parameters of a row. */
  readonly specs: readonly ParameterSpec[];
  /** The loss of each network at a step (from 0), `[networks]`; runs inside a gradient. */
  readonly losses: (rows: tf.Tensor2D, step: number) => tf.Tensor1D;
  /** The fit disposes of it at the end. */
  readonly optimizer: RowsOptimizer;
  /** Steps after which the fit pauses and yields, ascending. */
  readonly stops: readonly number[];
  /** Called once for a network that diverged, with the error that `fit` would throw. Its row goes on, and means nothing. */
  readonly onDiverged: (network: number, error: NetSpaceError) => void;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((progress: StepProgress) => void) | undefined;
}

/** The state of all networks at a stop. The rows belong to the fit and go on changing. */
export interface FitRowsStop {
  readonly step: number;
  readonly rows: tf.Tensor2D;
  /** Mean loss of each network since the last stop. */
  readonly losses: readonly number[];
}

/**
 * As `fit`, but for several networks at once, each a row of one variable with a loss of its own. No network's numbers reach another's, so one
 * that diverges is only reported; the fit ends early if all have.
 *
 * @throws NetSpaceError `ABORTED` when the signal stopped it, `INVALID_OPTION` if the stops do not ascend
 */
export async function* fitRows(options: FitRowsOptions): AsyncGenerator<FitRowsStop, void> {
  const { name, start, specs, losses, optimizer, stops, onDiverged, signal, onStep } = options;
  checkStops(name, stops);
  const count = start.shape[0];
  const rows = tf.variable<tf.Rank.R2>(start);
  const steps = stops.at(-1)!;
  const gone = new Set<number>();
  let sums = tf.zeros<tf.Rank.R1>([count]);
  let looked = 0;
  let summed = 0;
  const add = (own: tf.Tensor1D): void => {
    const next = tf.keep(tf.add<tf.Tensor1D>(sums, own));
    sums.dispose();
    sums = next;
    summed++;
  };
  /** Sums of losses since the last stop; notes who diverged. */
  const look = async (step: number): Promise<readonly number[]> => {
    const reading = tf.tidy(() => tf.concat1d([sums, tf.sum<tf.Tensor1D>(tf.mul(rows, 0), 1)])); // 0 · x is NaN for NaN and infinities
    const values = Array.from(await reading.data().finally(() => reading.dispose()));
    for (let network = 0; network < count; network++) {
      const [loss, zero] = [values[network]!, values[count + network]];
      if (gone.has(network) || (Number.isFinite(loss) && zero === 0)) continue;
      const term = Number.isFinite(loss) ? `the weight ${await brokenParameter(rows, network, specs)}` : 'the loss term loss';
      gone.add(network);
      onDiverged(network, diverged(name, { after: looked, step, term }, 'take a smaller learning rate'));
    }
    looked = step;
    return values.slice(0, count);
  };
  try {
    for (let step = 0; step < steps && gone.size < count;) {
      if (signal?.aborted) throw new NetSpaceError('ABORTED', `${name}: stopped by its signal after step ${step} of ${steps}`);
      tf.tidy(() => {
        const { grads } = variableGrads(() => {
          const own = losses(rows, step);
          add(own);
          return tf.sum(own);
        }, [rows]);
        optimizer.apply(rows, grads[rows.name]!);
      });
      step++; // not inside the call, because a step must also count if nobody listens
      onStep?.({ step, steps });
      if (stops.includes(step)) {
        const total = await look(step);
        yield { step, rows, losses: total.map((sum) => sum / summed) };
        sums.dispose();
        [sums, summed] = [tf.zeros([count]), 0];
      } else if (step % LOOK_EVERY === 0) await look(step);
      await nextTask(); // lets signals and timers in between steps
    }
  } finally {
    tf.dispose([rows, sums]);
    optimizer.dispose();
  }
}

/** The first parameter of a network with a number that is NaN or infinite. */
async function brokenParameter(rows: tf.Tensor2D, network: number, specs: readonly ParameterSpec[]): Promise<string> {
  const row = tf.slice2d(rows, [network, 0], [1, -1]);
  const values = await row.data().finally(() => row.dispose());
  return parameterAt(
    values.findIndex((value) => !Number.isFinite(value)),
    specs,
  );
}
