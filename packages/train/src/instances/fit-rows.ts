import { NetSpaceError, type ParameterSpec, type StepProgress } from '@netspace/prep';
import { diverged, nextTask, variableGrads } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { LOOK_EVERY } from '../divergence.js';
import { checkStops } from './fit.js';
import { parameterAt } from './network-rows.js';
import { numbered, type Resume, type TrainingState } from './resume.js';
import type { RowsOptimizer } from './rows-optimizer.js';

export interface FitRowsOptions {
  /** Names the caller in errors. */
  readonly name: string;
  /** Start values, `[networks, parameters]`. The caller keeps this tensor. */
  readonly start: tf.Tensor2D;
  /** The parameters of a row. */
  readonly specs: readonly ParameterSpec[];
  /** The loss of each network that is left at a step (from 0), in the order of `networks`; runs inside a gradient. */
  readonly losses: (rows: tf.Tensor2D, step: number, networks: readonly number[]) => tf.Tensor1D;
  /** The fit disposes of it at the end. */
  readonly optimizer: RowsOptimizer;
  /** Steps after which the fit pauses for each network, ascending; after its last one, the network leaves. */
  readonly stops: readonly (readonly number[])[];
  /** Called when networks have left, with the places of those that stay: what `losses` keeps for each network has to follow. */
  readonly onLeave?: ((stay: readonly number[]) => void) | undefined;
  /** Called once for a network that diverged, with the error that `fit` would throw. It leaves at the next stop. */
  readonly onDiverged: (network: number, error: NetSpaceError) => void;
  readonly resume?: Resume | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((progress: StepProgress) => void) | undefined;
}

/** The networks that stop after a step. The rows belong to the fit and go on changing. */
export interface FitRowsStop {
  readonly step: number;
  readonly rows: tf.Tensor2D;
  readonly stopped: readonly {
    readonly network: number;
    /** Its row. */
    readonly place: number;
    /** Mean loss since its last stop. */
    readonly loss: number;
  }[];
}

/**
 * As `fit`, but for several networks at once, each a row of one variable with a loss of its own. No network's numbers reach another's, so one
 * that diverges is only reported; the fit ends early if all have.
 *
 * @throws NetSpaceError `ABORTED` when the signal stopped it, `INVALID_OPTION` if some stops do not ascend
 */
export async function* fitRows(options: FitRowsOptions): AsyncGenerator<FitRowsStop, void> {
  const { name, start, specs, losses, optimizer, stops, onLeave, onDiverged, resume, signal, onStep } = options;
  for (const own of stops) checkStops(name, own);
  const steps = Math.max(...stops.map((own) => own.at(-1)!));
  const stopSteps = new Set(stops.flat());
  const before = resume?.from;
  const {
    gone: left = [],
    means = stops.map(() => ({ sum: 0, steps: 0 })),
    looks: [since = 0, counted = 0] = [],
    networks: there = [...stops.keys()],
  } = (before?.facts ?? {}) as Partial<RowsFacts>;
  const gone = new Set(left);
  let [looked, summed] = [since, counted];
  let networks = there;
  let rows = tf.variable<tf.Rank.R2>((before?.tensors['rows'] as tf.Tensor2D | undefined) ?? start);
  let sums = (before?.tensors['sums'] as tf.Tensor1D | undefined)?.clone() ?? tf.zeros<tf.Rank.R1>([networks.length]);
  let step = before?.step ?? 0;
  const replaceSums = (next: tf.Tensor1D): void => {
    sums.dispose();
    sums = next;
  };
  /** Reads the losses since it last did, and notes who diverged. */
  const look = async (step: number): Promise<void> => {
    const reading = tf.tidy(() => tf.concat1d([sums, tf.sum<tf.Tensor1D>(tf.mul(rows, 0), 1)])); // 0 · x is NaN for NaN and infinities
    const values = await reading.data().finally(() => reading.dispose());
    for (const [place, network] of networks.entries()) {
      const [loss, zero] = [values[place]!, values[networks.length + place]];
      means[network] = { sum: means[network]!.sum + loss, steps: means[network]!.steps + summed };
      if (gone.has(network) || (Number.isFinite(loss) && zero === 0)) continue;
      const term = Number.isFinite(loss) ? `the weight ${await brokenParameter(rows, place, specs)}` : 'the loss term loss';
      gone.add(network);
      onDiverged(network, diverged(name, { after: looked, step, term }, 'take a smaller learning rate'));
    }
    [looked, summed] = [step, 0];
    replaceSums(tf.zeros([networks.length]));
  };
  /** Goes on with those that have not ended. */
  const leave = (step: number): void => {
    const stay = [...networks.keys()].filter((place) => !gone.has(networks[place]!) && stops[networks[place]!]!.at(-1)! > step);
    if (stay.length === networks.length) return;
    networks = stay.map((place) => networks[place]!);
    if (stay.length === 0) return;
    const next = tf.tidy(() => tf.keep(tf.gather<tf.Tensor2D>(rows, stay)));
    rows.dispose();
    rows = tf.variable(next);
    next.dispose();
    replaceSums(tf.zeros([stay.length]));
    optimizer.keep(stay);
    onLeave?.(stay);
  };
  const state = (): TrainingState => ({
    step,
    facts: { gone: [...gone], means: [...means], networks, looks: [looked, summed] } satisfies RowsFacts,
    tensors: { rows: rows.clone(), sums: sums.clone(), ...numbered('slot', optimizer.slots()) },
  });
  if (before !== undefined) optimizer.restore(before, networks);
  try {
    while (networks.length > 0 && networks.some((network) => !gone.has(network))) {
      if (signal?.aborted) throw new NetSpaceError('ABORTED', `${name}: stopped by its signal after step ${step} of ${steps}`);
      tf.tidy(() => {
        const { grads } = variableGrads(() => {
          const own = losses(rows, step, networks);
          replaceSums(tf.keep(tf.add<tf.Tensor1D>(sums, own)));
          return tf.sum(own);
        }, [rows]);
        optimizer.apply(rows, grads[rows.name]!);
      });
      step++; // not inside the call, because a step must also count if nobody listens
      summed++;
      onStep?.({ step, steps });
      if (stopSteps.has(step)) {
        await look(step);
        const stopped = [...networks.entries()].filter(([, network]) => !gone.has(network) && stops[network]!.includes(step));
        const ofMean = ({ sum, steps: count }: { readonly sum: number; readonly steps: number }): number => sum / count;
        yield { step, rows, stopped: stopped.map(([place, network]) => ({ network, place, loss: ofMean(means[network]!) })) };
        for (const [, network] of stopped) means[network] = { sum: 0, steps: 0 };
        leave(step);
      } else if (step % LOOK_EVERY === 0) await look(step);
      await resume?.keep(state);
      await nextTask(); // lets signals and timers in between steps
    }
  } finally {
    tf.dispose([rows, sums]);
    optimizer.dispose();
  }
}

/** What a fit of rows has besides tensors. */
interface RowsFacts {
  readonly gone: readonly number[];
  readonly means: { readonly sum: number; readonly steps: number }[];
  readonly networks: readonly number[];
  /** When the losses were read last, and steps that have been summed since. */
  readonly looks: readonly [looked: number, summed: number];
}

/** The first parameter of a network with a number that is NaN or infinite. */
async function brokenParameter(rows: tf.Tensor2D, place: number, specs: readonly ParameterSpec[]): Promise<string> {
  const row = tf.slice2d(rows, [place, 0], [1, -1]);
  const values = await row.data().finally(() => row.dispose());
  return parameterAt(
    values.findIndex((value) => !Number.isFinite(value)),
    specs,
  );
}
