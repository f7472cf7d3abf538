import { adam, type NetSpace, scheduleFrom } from '@netspace/model';
import { learningRateOption, withLength } from '@netspace/model/internal';
import { NetSpaceError, type Instance, type PRepBatch } from '@netspace/prep';
import {
  abortSignal,
  anything,
  byKind,
  count,
  flag,
  type GivenBy,
  instances,
  nextTask,
  objectOf,
  oneOf,
  optional,
  parseOptions,
  refuseOptions,
  seed as seedOption,
  thing,
  type UsedBy,
  variableGrads,
  withDefault,
} from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { describeSpace } from './checkpoint/describe-space.js';
import type { CheckpointStorage } from './checkpoint/storage.js';
import { currentVersions } from './checkpoint/versions.js';
import type { MetricsSink } from './metrics/metrics.js';
import { balancedBatches, shuffledBatches, type Batches } from './batches/batches.js';
import { classificationTask, classificationTaskOptions, type ClassificationTask } from './tasks/classification-task.js';
import { fixedPReps, permutedPReps } from './batches/prep-batches.js';
import { runningMeans } from './metrics/running-means.js';
import { sdfTask, sdfTaskOptions, type SdfTask } from './tasks/sdf-task.js';
import type { StepProgress } from './step-progress.js';
import type { TaskContext, TaskRunner } from './tasks/train-task.js';
import { restoreRun, saveRun, type TrainingRun } from './checkpoint/training-run.js';
import { weightsTask, weightsTaskOptions, type WeightsTask } from './tasks/weights-task.js';

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
  seed: withDefault(seedOption, 0),
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
       * Steps between two checkpoints. One is written at the end and on abort too.
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
  /** Where measurements go, such as `memoryMetrics()`. */
  metrics: optional(thing<MetricsSink>('a metrics sink', ['startAfter', 'write'])),
  /** What else the run is made of, as JSON, such as the hashes of the zoo's files. A checkpoint with another identity is refused. */
  identity: optional(anything),
  /** Stops the run after the step in progress; a checkpoint is written first, if there is a storage. */
  signal: optional(abortSignal),
});

/** Options of {@link trainNetSpace}. */
export interface TrainNetSpaceOptions extends GivenBy<typeof trainNetSpaceOptions> {}

/** One step of {@link trainNetSpace}. */
export interface TrainStep extends StepProgress {
  /** Of this step. */
  readonly learningRate: number;
  /** Mean of each loss term since it was last read, `loss` being the total; only at steps where losses are read. */
  readonly losses?: Readonly<Record<string, number>>;
}

/**
 * Trains a space on a zoo, step by step. The space's variables change in place.
 *
 * Each step encodes a batch of instances, decodes them and runs the predicted networks on a batch of inputs. Then Adam moves the encoder and
 * the decoder. Teacher and targets run without gradient, once a step or once an image (`cacheTargets`). Everything that is drawn is a pure
 * function of seed and step. So a run that was stopped or killed and resumed goes through the same bits as an undisturbed run on the same
 * runtime.
 *
 * @throws NetSpaceError `ABORTED` when the signal stopped it; `INVALID_OPTION` for options that are unknown, out of range or would be ignored,
 *   or a checkpoint of a run with other settings; `NOT_FOUND` for an instance of no architecture of the space; `SHAPE_MISMATCH` if the networks
 *   take other images than the data set has; `UNSUPPORTED` for a weights task with several architectures; `CORRUPT_FILE` for a damaged
 *   checkpoint
 * @see Berardi et al., "Learning the Space of Deep Models", sections III and IV
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { NetSpace } from '@netspace/model';
 * import { trainNetSpace } from '@netspace/train';
 * import { initialize, lenetLike, parseCifar10 } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ width: 0.1 });
 * const instances = [1, 2].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) }));
 * const space = new NetSpace({ architectures: [architecture], prepShape: [8, 128], preset: 'tiny' });
 * const task = { kind: 'classification', dataset: parseCifar10(new Uint8Array(8 * 3073)) } as const;
 * const options = { instances, task, steps: 4, batch: { nets: 2, inputs: 4 }, readEvery: 4 };
 * for await (const { step, losses } of trainNetSpace(space, options)) {
 *   if (losses) console.log(step, losses['loss']! >= 0); // 4 true
 * }
 * ```
 */
export async function* trainNetSpace(space: NetSpace, options: TrainNetSpaceOptions): AsyncGenerator<TrainStep, void> {
  const { instances, steps, seed, readEvery, checkpoint, metrics, signal, ...used } = parseOptions(
    'trainNetSpace',
    trainNetSpaceOptions,
    options,
  );
  const { nets, inputs = 64, sampling } = used.batch;
  const { learningRate = 1e-4 } = options; // as it is given: recorded in checkpoints
  if (used.task.kind === 'weights')
    refuseOptions('trainNetSpace', { 'batch.inputs': used.batch.inputs }, ['batch.inputs'], 'in a weights task');
  const batches = netBatches(sampling, { space, instances, nets, seed });
  const owned: { dispose?(): void }[] = [];
  const own = <T extends { dispose?(): void }>(thing: T): T => {
    owned.push(thing);
    return thing;
  };
  try {
    const task = own(makeTask(used.task, { space, instances, inputs, nets, steps, seed }));
    const run: TrainingRun = {
      config: {
        seed,
        learningRate: withLength(learningRate, steps),
        batch: { nets, inputs, sampling },
        readEvery,
        ...(used.augment.permuteChannels && { augment: { permuteChannels: true } }),
        task: task.description,
        ...(checkpoint && (await describeSpace(space))),
        instances: instances.map(({ architecture }) => architecture.name),
        identity: used.identity ?? null,
      },
      variables: space.variables,
      optimizer: own(adam({ learningRate: scheduleFrom(learningRate, steps) })),
      means: own(runningMeans(task.terms)),
      versions: currentVersions(),
    };
    const preps = own(used.augment.permuteChannels ? await permutedPReps(instances, { space, seed }) : fixedPReps(instances, space));
    if (checkpoint?.resume) await restoreRun(checkpoint.storage, run);
    await metrics?.startAfter(run.optimizer.step);
    if (signal?.aborted) throw stopped(run.optimizer.step, steps, undefined);
    while (run.optimizer.step < steps) {
      const rate = run.optimizer.learningRate;
      const chosen = [...batches(run.optimizer.step)];
      const batch = preps.batch(run.optimizer.step, chosen);
      try {
        await task.readAhead?.(batch);
        takeStep(run, task, batch, chosen);
      } finally {
        batch.preps.dispose();
      }
      const { step } = run.optimizer;
      const losses = step % readEvery === 0 ? await run.means.read() : undefined;
      if (losses !== undefined) await metrics?.write({ step, learningRate: rate, ...losses });
      if (checkpoint !== undefined && (step === steps || step % checkpoint.every === 0)) await saveRun(checkpoint.storage, run);
      yield { step, steps, learningRate: rate, ...(losses && { losses }) };
      await nextTask(); // lets signals and timers in between steps
      if (signal?.aborted && step < steps) {
        if (checkpoint !== undefined) await saveRun(checkpoint.storage, run);
        throw stopped(step, steps, checkpoint?.storage.name);
      }
    }
  } finally {
    for (const thing of owned) thing.dispose?.();
  }
}

function takeStep({ variables, optimizer, means }: TrainingRun, task: TaskRunner, batch: PRepBatch, nets: readonly number[]): void {
  tf.tidy(() => {
    const loss = task.prepare(optimizer.step, nets);
    const { grads } = variableGrads(() => {
      const terms = loss(batch);
      means.add(terms);
      return terms[0]!;
    }, Object.values(variables));
    optimizer.apply(variables, Object.fromEntries(Object.entries(variables).map(([key, { name }]) => [key, grads[name]!])));
  });
}

function makeTask(task: UsedBy<typeof taskOptions>, context: TaskContext): TaskRunner {
  if (task.kind === 'weights') return weightsTask(task, context);
  return task.kind === 'sdf' ? sdfTask(task, context) : classificationTask(task, context);
}

function netBatches(
  sampling: 'shuffled' | 'balanced',
  {
    space,
    instances,
    nets: size,
    seed,
  }: { readonly space: NetSpace; readonly instances: readonly Instance[]; readonly nets: number; readonly seed: number },
): Batches {
  if (sampling === 'shuffled') return shuffledBatches({ count: instances.length, size, seed, stream: 'nets' });
  const groups = space.architectures.map((architecture) =>
    [...instances.keys()].filter((i) => instances[i]!.architecture.name === architecture.name),
  );
  return balancedBatches({ groups: groups.filter((group) => group.length > 0), size, seed, stream: 'nets' });
}

const stopped = (step: number, steps: number, path: string | undefined): NetSpaceError =>
  new NetSpaceError(
    'ABORTED',
    `trainNetSpace: stopped by its signal after step ${step} of ${steps}; ${path === undefined ? 'no checkpoint was written' : `resume from ${path}`}`,
  );
