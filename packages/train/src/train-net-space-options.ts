import type { StepProgress } from '@netspace/prep';
import { learningRateOption } from '@netspace/model/internal';
import {
  abortSignal,
  anything,
  byKind,
  count,
  flag,
  functionOf,
  type GivenBy,
  instances,
  objectOf,
  oneOf,
  optional,
  seed,
  thing,
  withDefault,
} from '@netspace/prep/internal';

import type { Rewind } from './checkpoint/checkpoint.js';
import type { CheckpointStorage } from './checkpoint/storage.js';
import type { MetricsSink } from './metrics/metrics.js';
import { classificationTaskOptions, type ClassificationTask } from './tasks/classification-task.js';
import {
  type OccupancyTask,
  occupancyTaskOptions,
  type RegressionTask,
  regressionTaskOptions,
  type RgbTask,
  rgbTaskOptions,
} from './tasks/outputs-task-options.js';
import { sdfTaskOptions, type SdfTask } from './tasks/sdf-task.js';
import { weightsTaskOptions, type WeightsTask } from './tasks/weights-task.js';

/** The task of a space, chosen by its `kind`. */
export const taskOptions = byKind('kind', {
  ...{ classification: classificationTaskOptions, regression: regressionTaskOptions },
  ...{ sdf: sdfTaskOptions, occupancy: occupancyTaskOptions, rgb: rgbTaskOptions, weights: weightsTaskOptions },
});
/** The task of a space; see its members. */
export type TrainTask = ClassificationTask | RegressionTask | SdfTask | OccupancyTask | RgbTask | WeightsTask;

/** See {@link TrainNetSpaceOptions}. */
export const trainNetSpaceOptions = objectOf({
  /** The zoo: the targets, of the space's architectures. The caller keeps them. */
  instances,
  /** The task: to classify, to give numbers, signed distances, occupancy or colors, or to give the weights themselves. */
  task: taskOptions,
  /** Number of steps in all. The steps of an earlier run that is resumed count too. */
  steps: count,
  /**
   * The data of a step.
   * @default { nets: 8, inputs: 64, sampling: 'shuffled' }
   */
  batch: withDefault(
    objectOf({
      /**
       * Networks that a step encodes.
       * @default 8
       */
      nets: withDefault(count, 8),
      /**
       * Images, tensors or points on which predicted networks are compared. A task of weights has none.
       * @default 64
       */
      inputs: optional(count),
      /**
       * `balanced` takes equally many of each architecture, `shuffled` takes them in random order.
       * @default 'shuffled'
       */
      sampling: withDefault(oneOf(['shuffled', 'balanced']), 'shuffled'),
    }),
    {},
  ),
  /**
   * Where the embeddings of the networks come from while the space learns. `encoded`: from the encoder, as in the paper. `free`: each network has one
   * of its own, which the loss moves as it moves the decoder (an auto-decoder, as DeepSDF is), and the encoder learns to find it; the step's
   * losses then have the term `encoder` beside the task's, the share of the embeddings' variance that the encoder misses. The decoder learns much
   * sooner so, the encoder later: refine what it encodes (`refineEmbedding` of `@netspace/explore`). This is for shapes. Classifiers gain from it only in a space with
   * `directions`, and only if new ones are refined.
   * @default 'encoded'
   */
  embeddings: withDefault(oneOf(['encoded', 'free']), 'encoded'),
  /** Changes the weights that the encoder sees of an instance from step to step. Its target does not change. */
  augment: withDefault(
    objectOf({
      /**
       * Puts hidden channels into a random order, which does not change the function of a network; see `channelPermutation`.
       * @default false
       */
      permuteChannels: withDefault(flag, false),
      /**
       * Flips the signs of random units around odd functions, such as the sines of a SIREN. The network computes the same; see `prepSymmetry`.
       * @default false
       */
      flipSigns: withDefault(flag, false),
    }),
    {},
  ),
  /**
   * Learning rate of Adam: a number or a schedule. The default is the paper's.
   * @default 1e-4
   */
  learningRate: withDefault(learningRateOption, 1e-4),
  /**
   * Seed of the order of instances and images, and of everything else that is drawn.
   * @default 0
   */
  seed: withDefault(seed, 0),
  /**
   * Steps between two readings of the losses. Each reading is the mean since the last one. Metrics are written then too.
   * @default 10
   */
  readEvery: withDefault(count, 10),
  /** Where and how often the run is saved, and whether it resumes. Without this option the run is not saved. */
  checkpoint: optional(
    objectOf({
      /** The place of the checkpoint: `checkpointFile(path)` of `@netspace/node`, `indexedDbCheckpoint` or `memoryCheckpoint`. */
      storage: thing<CheckpointStorage>('a checkpoint storage', ['name', 'read', 'write']),
      /**
       * Steps between two checkpoints. One is always written at the start, at the end and on abort. None is written after the run has
       * diverged, so the last good one stays.
       * @default 500
       */
      every: withDefault(count, 500),
      /**
       * Whether to resume from the checkpoint, if there is one.
       * @default false
       */
      resume: withDefault(flag, false),
    }),
  ),
  /**
   * What to do when a loss or a weight becomes NaN or infinite. `stop` ends with an error. `rewind` goes back to the last checkpoint, or to
   * the start if there is none, and goes on with half the learning rate, at most eight times in a run.
   * @default 'stop'
   */
  onDivergence: withDefault(oneOf(['stop', 'rewind']), 'stop'),
  /** Receives measurements, such as `memoryMetrics()`. */
  metrics: optional(thing<MetricsSink>('a metrics sink', ['startAfter', 'write'])),
  /** Further inputs of the run, as JSON, such as the hashes of the zoo's files. A checkpoint with another identity is refused. */
  identity: optional(anything),
  /** Called before the first step, while targets run on all inputs because their answers are remembered; see `cacheTargets` of a task. */
  onTarget: optional(functionOf<(progress: TargetProgress) => void>()),
  /** Stops the run after the step in progress; a checkpoint is written first, if there is a storage. */
  signal: optional(abortSignal),
});

/** Options of `trainNetSpace`. */
export interface TrainNetSpaceOptions extends GivenBy<typeof trainNetSpaceOptions> {}

/** How many targets have run on all inputs. */
export interface TargetProgress {
  readonly done: number;
  readonly total: number;
}

/** One step of `trainNetSpace`. */
export interface TrainStep extends StepProgress {
  /** The learning rate of this step. */
  readonly learningRate: number;
  /**
   * Mean of each loss term since it was last read, only at steps where losses are read. `loss` is the total; the others are its terms as they
   * count, their factors included, and add up to it.
   */
  readonly losses?: Readonly<Record<string, number>>;
  /** How often, and where, the run went back because it had diverged; left out if never. After a rewind, `step` is smaller than before. */
  readonly rewinds?: readonly Rewind[];
}
