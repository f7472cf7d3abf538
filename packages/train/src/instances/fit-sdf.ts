import { sdfLoss } from '@netspace/losses';
import { NetSpaceError, type Architecture, type Instance, type StepProgress } from '@netspace/prep';
import {
  abortSignal,
  architecture as architectureOption,
  count,
  functionOf,
  type GivenBy,
  instance,
  objectOf,
  optional,
  parseOptions,
  refuseSeveralOutputs,
  seed as seedOption,
  thing,
  withDefault,
} from '@netspace/prep/internal';
import { initialize, siren } from '@netspace/zoo';
import { type SdfSamples } from '@netspace/shapes';
import * as tf from '@tensorflow/tfjs-core';

import { shuffledBatches } from '../batches/batches.js';
import { seedAt } from '../batches/random.js';
import type { LearningRate } from '@netspace/model';
import { learningRateOption } from '@netspace/model/internal';
import { fitFrom } from './fit.js';
import { instanceOptimizer } from './instance-optimizer.js';
import type { Resume } from './resume.js';

/** The paper's: 1e-4, times 0.9 every 1000 steps. */
export const PAPER_SDF_RATE = { kind: 'exponential', learningRate: 1e-4, factor: 0.9, every: 1000 } as const satisfies LearningRate;

/** See {@link FitSdfOptions}. */
export const fitSdfOptions = objectOf({
  /** Points of a shape and their signed distances, as `sampleSdf` draws them. */
  samples: thing<SdfSamples>('points and their distances', ['points', 'distances']),
  /**
   * The network to fit.
   * @default `siren()`, the paper's: three coordinates, 256 hidden units, one value
   */
  architecture: optional(architectureOption),
  /**
   * The default is the paper's.
   * @default 10_000
   */
  steps: withDefault(count, 10_000),
  /**
   * Points per step.
   * @default 4096
   */
  batchSize: withDefault(count, 4096),
  /**
   * Learning rate of Adam: a number or a schedule.
   * @default 1e-4, times 0.9 every 1000 steps, as in the paper
   */
  learningRate: withDefault(learningRateOption, PAPER_SDF_RATE),
  /**
   * Seed of the initial weights and of the points of each step.
   * @default 0
   */
  seed: withDefault(seedOption, 0),
  /**
   * The network that the fit starts from, such as one that was fitted to all shapes at once. Fits from a common start stay near one
   * another.
   * @default new random weights by the seed
   */
  start: optional(instance),
  /** Stops the fit after the step in progress. */
  signal: optional(abortSignal),
  /** Called after each step. */
  onStep: optional(functionOf<(progress: StepProgress) => void>()),
});

/** Options of {@link fitSdf}. */
export interface FitSdfOptions extends GivenBy<typeof fitSdfOptions> {}

/** A shape as a network. */
export interface FittedSdf {
  /** The caller disposes its parameters. */
  readonly instance: Instance;
  readonly steps: number;
  /** Mean squared error over all samples, in squared units of their distances. */
  readonly metrics: { readonly mse: number };
}

/**
 * Fits a SIREN to the signed distances of one shape, equation (2) with the mesh's distances as the target.
 *
 * @throws NetSpaceError `ABORTED` when the signal stopped it, `DIVERGED` when the loss or a weight became NaN or infinite, `INVALID_OPTION`
 *   for options out of range or points or distances that are not finite, `UNSUPPORTED` for an architecture of several outputs, `SHAPE_MISMATCH` for a start of another architecture
 * @see Berardi et al., "Learning the Space of Deep Models", section IV (implicit functions); Sitzmann et al., arXiv:2006.09661
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { boxMesh, sampleSdf } from '@netspace/shapes';
 * import { fitSdf } from '@netspace/train';
 * import { siren } from '@netspace/zoo';
 *
 * const samples = await sampleSdf(boxMesh(), { count: 100, seed: 1 });
 * const architecture = siren({ hidden: 4, layers: 0 }); // the paper's has 256 hidden units
 * const { instance, steps } = await fitSdf({ samples, architecture, steps: 5, batchSize: 50 });
 * console.log(instance.architecture.name, steps); // siren-3-4x0-1 5
 * ```
 */
export function fitSdf(options: FitSdfOptions): Promise<FittedSdf> {
  return fitSdfFrom(options);
}

/** As {@link fitSdf}, which goes on from a state, and has its states kept. */
export async function fitSdfFrom(options: FitSdfOptions, resume?: Resume): Promise<FittedSdf> {
  const used = parseOptions('fitSdf', fitSdfOptions, options);
  const { samples, architecture = siren(), steps, batchSize, learningRate, seed, start: from, signal, onStep } = used;
  checkSamples('fitSdf', samples);
  refuseSeveralOutputs('fitSdf', architecture, DISTANCES_ALONE);
  const points = samples.distances.length;
  const batches = shuffledBatches({
    count: points,
    size: Math.min(batchSize, points),
    seed,
    stream: 'points',
    caller: 'fitSdf',
    option: 'batchSize',
  });
  const start = from === undefined ? newWeights(architecture, seed) : copyOf(from, architecture);
  const loss = (variables: readonly tf.Variable[], step: number): tf.Scalar => {
    const batch = pointBatch(samples, batches(step));
    return sdfLoss(architecture.apply(variables, batch.points), batch.distances);
  };
  const optimizer = instanceOptimizer({ kind: 'adam', learningRate }, 1, steps);
  try {
    for await (const { step, variables } of fitFrom({ name: 'fitSdf', start, loss, optimizer, stops: [steps], signal, onStep }, resume)) {
      const parameters = variables.map((variable) => variable.clone()); // the variables are freed when the fit ends
      return {
        instance: { architecture, parameters },
        steps: step,
        metrics: { mse: await meanSquaredError(architecture, parameters, samples) },
      };
    }
    throw new Error('fit ended without reaching its last stop');
  } finally {
    tf.dispose(start);
  }
}

/** What to do with networks that give more than distances. */
export const DISTANCES_ALONE = 'take an architecture that gives distances alone';

/** Refuses samples that are not finite. */
export function checkSamples(caller: string, samples: SdfSamples): void {
  for (const key of ['points', 'distances'] as const) {
    const index = samples[key].findIndex((value) => !Number.isFinite(value));
    if (index < 0) continue;
    const sample = key === 'points' ? Math.floor(index / 3) : index;
    throw new NetSpaceError(
      'INVALID_OPTION',
      `${caller}: expected finite samples, got ${samples[key][index]} among the ${key} of sample ${sample}; leave it out`,
    );
  }
}

/** Initial weights by a seed. */
export const newWeights = (architecture: Architecture, seed: number): tf.Tensor[] =>
  initialize(architecture.parameters, { seed: seedAt(seed, 'initial'), scheme: 'siren' });

function copyOf(start: Instance, architecture: Architecture): tf.Tensor[] {
  checkStart('fitSdf', start, architecture);
  return start.parameters.map((parameter) => parameter.clone());
}

/** Refuses a start of another architecture. */
export function checkStart(caller: string, { architecture: { name } }: Instance, architecture: Architecture): void {
  if (name !== architecture.name) {
    throw new NetSpaceError('SHAPE_MISMATCH', `${caller}: expected a start that is a ${architecture.name}, got a ${name}`);
  }
}

/** `[points, 3]` and `[points, 1]`. */
export function pointBatch({ points, distances }: SdfSamples, indices: Uint32Array): { points: tf.Tensor2D; distances: tf.Tensor2D } {
  const chosen = new Float32Array(indices.length * 3);
  indices.forEach((index, i) => chosen.set(points.subarray(index * 3, index * 3 + 3), i * 3));
  return {
    points: tf.tensor2d(chosen, [indices.length, 3]),
    distances: tf.tensor2d(
      Float32Array.from(indices, (index) => distances[index]!),
      [indices.length, 1],
    ),
  };
}

/** Over all samples. */
export async function meanSquaredError(architecture: Architecture, parameters: readonly tf.Tensor[], samples: SdfSamples): Promise<number> {
  const total = samples.distances.length;
  let sum = 0;
  for (let from = 0; from < total; from += 8192) {
    const indices = Uint32Array.from({ length: Math.min(8192, total - from) }, (_, i) => from + i);
    const loss = tf.tidy(() => {
      const { points, distances } = pointBatch(samples, indices);
      return sdfLoss(architecture.apply(parameters, points), distances);
    });
    sum += (await loss.data())[0]! * indices.length;
    loss.dispose();
  }
  return sum / total;
}
