import { eachSdfLoss } from '@netspace/losses/internal';
import { NetSpaceError, type Instance, type StepProgress } from '@netspace/prep';
import {
  abortSignal,
  architecture as architectureOption,
  count,
  functionOf,
  type GivenBy,
  instance,
  listOf,
  objectOf,
  optional,
  parseOptions,
  refuseSeveralOutputs,
  seed as seedOption,
  thing,
  withDefault,
} from '@netspace/prep/internal';
import { learningRateOption } from '@netspace/model/internal';
import { siren, trainableForm } from '@netspace/zoo';
import type { SdfSamples } from '@netspace/shapes';
import * as tf from '@tensorflow/tfjs-core';

import { shuffledBatches } from '../batches/batches.js';
import {
  checkSamples,
  checkStart,
  DISTANCES_ALONE,
  type FittedSdf,
  meanSquaredError,
  newWeights,
  PAPER_SDF_RATE,
  pointBatch,
} from './fit-sdf.js';
import { fitRows } from './fit-rows.js';
import { leftOut } from './left-out.js';
import { rowsOfNew, tensorsOfRow, tensorsOfRows } from './network-rows.js';
import { type Resume, withMore } from './resume.js';
import { rowsOptimizer } from './rows-optimizer.js';

/** See {@link FitSdfsOptions}. */
export const fitSdfsOptions = objectOf({
  /** What is each network's own. All have equally many samples. */
  fits: listOf(
    objectOf({
      /** Points of a shape and their signed distances, as `sampleSdf` draws them. */
      samples: thing<SdfSamples>('points and their distances', ['points', 'distances']),
      /**
       * Seed of the initial weights and of the points of each step.
       * @default 0
       */
      seed: withDefault(seedOption, 0),
      /**
       * Learning rate of Adam: a number or a schedule.
       * @default 1e-4, times 0.9 every 1000 steps, as in the paper
       */
      learningRate: withDefault(learningRateOption, PAPER_SDF_RATE),
      /**
       * The network that the fit starts from.
       * @default new random weights by the seed
       */
      start: optional(instance),
    }),
    'a list of at least one fit',
    1,
  ),
  /**
   * The architecture of all of them.
   * @default `siren()`, the paper's: three coordinates, 256 hidden units, one value
   */
  architecture: optional(architectureOption),
  /**
   * The default is the paper's.
   * @default 10_000
   */
  steps: withDefault(count, 10_000),
  /**
   * Points of each network per step.
   * @default 4096
   */
  batchSize: withDefault(count, 4096),
  /** Stops the fit after the step in progress. */
  signal: optional(abortSignal),
  /** Called after each step. */
  onStep: optional(functionOf<(progress: StepProgress) => void>()),
});

/** Options of {@link fitSdfs}. */
export interface FitSdfsOptions extends GivenBy<typeof fitSdfsOptions> {}

/** One of several shapes as a network. */
export interface FittedSdfOfMany extends FittedSdf {
  /** Its place in `fits`. */
  readonly fit: number;
}

/**
 * Fits one SIREN to each of several shapes, all at once as batched products, and yields them at the end. Each is what {@link fitSdf} gives with
 * its samples, seed and rate, to rounding.
 *
 * A fit that diverges is not given; the others are.
 *
 * @throws NetSpaceError `ABORTED` when the signal stopped it, `DIVERGED` at the end, naming each fit that diverged, `INVALID_OPTION` for
 *   options out of range, samples that are not finite or not equally many, `SHAPE_MISMATCH` for a start of another architecture,
 *   `UNSUPPORTED` for an architecture of several outputs
 * @see Berardi et al., "Learning the Space of Deep Models", section IV (implicit functions); Sitzmann et al., arXiv:2006.09661
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { boxMesh, sampleSdf, sphereMesh } from '@netspace/shapes';
 * import { fitSdfs } from '@netspace/train';
 * import { siren } from '@netspace/zoo';
 *
 * const samples = await Promise.all([boxMesh(), sphereMesh()].map((mesh) => sampleSdf(mesh, { count: 100, seed: 1 })));
 * const architecture = siren({ hidden: 4, layers: 0 }); // the paper's has 256 hidden units
 * const fitted = [];
 * const options = { fits: samples.map((one) => ({ samples: one })), architecture, steps: 5, batchSize: 50 };
 * for await (const { fit, steps } of fitSdfs(options)) fitted.push([fit, steps]);
 * console.log(fitted); // [ [ 0, 5 ], [ 1, 5 ] ]
 * ```
 */
export async function* fitSdfs(options: FitSdfsOptions): AsyncGenerator<FittedSdfOfMany, void> {
  yield* fitSdfsFrom(options);
}

/** As {@link fitSdfs}, which goes on from a state, and has its states kept. */
export async function* fitSdfsFrom(options: FitSdfsOptions, resume?: Resume): AsyncGenerator<FittedSdfOfMany, void> {
  const used = parseOptions('fitSdfs', fitSdfsOptions, options);
  const { fits, architecture = siren(), steps, batchSize, signal, onStep } = used;
  const name = 'fitSdfs';
  refuseSeveralOutputs(name, architecture, DISTANCES_ALONE);
  for (const { samples, start } of fits) {
    checkSamples(name, samples);
    if (start !== undefined) checkStart(name, start, architecture);
  }
  const points = checkEqualCounts(fits.map(({ samples }) => samples.distances.length));
  const size = Math.min(batchSize, points);
  const batches = fits.map(({ seed }) =>
    shuffledBatches({ count: points, size, seed, stream: 'points', caller: name, option: 'batchSize' }),
  );
  const form = trainableForm(architecture);
  const runs = fits.map(({ learningRate }) => ({ optimizer: { kind: 'adam', learningRate } as const, length: steps }));
  const optimizer = rowsOptimizer(name, runs, 1);
  const start = rowsOfNew(fits.map(({ seed, start: from }) => (from === undefined ? newWeights(architecture, seed) : from.parameters.map((tensor) => tensor.clone())))); // prettier-ignore
  const losses = (rows: tf.Tensor2D, step: number): tf.Tensor1D => {
    const seen = fits.map(({ samples }, k) => pointBatch(samples, batches[k]!(step)));
    const { output } = form.applyMany(tensorsOfRows(rows, form.parameters), [], tf.stack(seen.map((batch) => batch.points)));
    return eachSdfLoss(output, tf.stack(seen.map((batch) => batch.distances)));
  };
  const failed = leftOut(name, 'all others were given');
  const said: (readonly [fit: number, message: string])[] = [];
  const onDiverged = (fit: number, error: NetSpaceError): void => {
    said.push([fit, error.message]);
    failed.add(`fit ${fit} of seed ${fits[fit]!.seed}`, error);
  };
  for (const [fit, message] of (resume?.from?.facts['said'] ?? []) as typeof said) onDiverged(fit, new NetSpaceError('DIVERGED', message));
  const kept = withMore(resume, () => ({ facts: { said: [...said] }, tensors: {} }));
  const stops = fits.map(() => [steps]);
  try {
    for await (const { step, rows, stopped } of fitRows({
      name,
      start,
      specs: form.parameters,
      losses,
      optimizer,
      stops,
      onDiverged,
      resume: kept,
      signal,
      onStep,
    })) {
      // prettier-ignore
      for (const { network: fit, place } of stopped) {
        const fitted: Instance = { architecture, parameters: tensorsOfRow(rows, place, form.parameters) };
        const mse = await meanSquaredError(architecture, fitted.parameters, fits[fit]!.samples);
        yield { fit, instance: fitted, steps: step, metrics: { mse } };
      }
    }
    failed.throwIfAny();
  } finally {
    start.dispose();
  }
}

function checkEqualCounts(counts: readonly number[]): number {
  const other = counts.findIndex((points) => points !== counts[0]);
  if (other < 0) return counts[0]!;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `fitSdfs: expected equally many samples for all fits, got ${counts[0]} for fit 0 and ${counts[other]} for fit ${other}; draw the same count`,
  );
}
