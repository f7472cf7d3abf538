import type { StepProgress } from '@netspace/prep';
import { learningRateOption } from '@netspace/model/internal';
import {
  abortSignal,
  anything,
  byKind,
  count,
  flag,
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
import { sdfTaskOptions, type SdfTask } from './tasks/sdf-task.js';
import { weightsTaskOptions, type WeightsTask } from './tasks/weights-task.js';

/** What a space learns, told apart by its `kind`. */
export const taskOptions = byKind('kind', { classification: classificationTaskOptions, sdf: sdfTaskOptions, weights: weightsTaskOptions });
/** What a space learns: see its members. */
export type TrainTask = ClassificationTask | SdfTask | WeightsTask;

/** See {@link TrainNetSpaceOptions}. */
export const trainNetSpaceOptions = objectOf({
  /** The zoo: the targets, of the space's architectures. They stay the caller's. */
  instances,
  /** What is learned: to classify, to give signed distances, or the weights themselves. */
  task: taskOptions,
  /** Steps in all, those of an earlier run that is resumed included. */
  steps: count,
  /**
   * What a step sees.
   * @default { nets: 8, inputs: 64, sampling: 'shuffled' }
   */
  batch: withDefault(
    objectOf({
      /**
       * Instances a step encodes.
       * @default 8
       */
      nets: withDefault(count, 8),
      /**
       * Images, or points of an SDF, that their predictions are compared on. A weights task has none.
       * @default 64
       */
      inputs: optional(count),
      /**
       * `balanced` takes as many of each architecture, `shuffled` takes them as they come.
       * @default 'shuffled'
       */
      sampling: withDefault(oneOf(['shuffled', 'balanced']), 'shuffled'),
    }),
    {},
  ),
  /** Changes what the encoder sees of an instance from step to step; its target stays what it is. */
  augment: withDefault(
    objectOf({
      /**
       * Hidden channels in random order, which leaves what a network does as it is; see `channelPermutation`.
       * @default false
       */
      permuteChannels: withDefault(flag, false),
    }),
    {},
  ),
  /**
   * Of Adam, a number or a schedule; the default is the paper's.
   * @default 1e-4
   */
  learningRate: withDefault(learningRateOption, 1e-4),
  /**
   * Of the order of instances and images, and of everything else that is drawn.
   * @default 0
   */
  seed: withDefault(seed, 0),
  /**
   * Steps between two readings of the losses, each the mean since the last; then metrics are written too.
   * @default 10
   */
  readEvery: withDefault(count, 10),
  /** Where and how often the run is saved, and whether it goes on from there; it is not saved unless given. */
  checkpoint: optional(
    objectOf({
      /** Where it is kept: `checkpointFile(path)` of `@netspace/node`, `indexedDbCheckpoint` or `memoryCheckpoint`. */
      storage: thing<CheckpointStorage>('a checkpoint storage', ['name', 'read', 'write']),
      /**
       * Steps between two checkpoints; one is written at the start, at the end, and on abort, in any case. None is written of a run that has
       * diverged: the last good one stays.
       * @default 500
       */
      every: withDefault(count, 500),
      /**
       * Whether to go on from the checkpoint that is there, if there is one.
       * @default false
       */
      resume: withDefault(flag, false),
    }),
  ),
  /**
   * What to do when a loss or a weight becomes NaN or infinite: `stop` with an error, or `rewind` to the last checkpoint, or to the start
   * without one, and go on with half the learning rate, at most eight times in a run.
   * @default 'stop'
   */
  onDivergence: withDefault(oneOf(['stop', 'rewind']), 'stop'),
  /** Where measurements go, such as `memoryMetrics()`. */
  metrics: optional(thing<MetricsSink>('a metrics sink', ['startAfter', 'write'])),
  /** What else the run is made of, as JSON, such as the hashes of the zoo's files. A checkpoint with another identity is refused. */
  identity: optional(anything),
  /** Stops the run after the step in progress; a checkpoint is written first, if there is a storage. */
  signal: optional(abortSignal),
});

/** Options of `trainNetSpace`. */
export interface TrainNetSpaceOptions extends GivenBy<typeof trainNetSpaceOptions> {}

/** One step of `trainNetSpace`. */
export interface TrainStep extends StepProgress {
  /** Of this step. */
  readonly learningRate: number;
  /**
   * Mean of each loss term since it was last read, only at steps where losses are read. `loss` is the total; the others are its terms as they
   * count, their factors included, and add up to it.
   */
  readonly losses?: Readonly<Record<string, number>>;
  /** How often, and where, the run went back because it had diverged; left out if never. After a rewind, `step` is smaller than before. */
  readonly rewinds?: readonly Rewind[];
}
