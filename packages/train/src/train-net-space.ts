import { adam, type NetSpace, type ScheduleConfig, scheduleFrom } from '@netspace/model';
import { withLength } from '@netspace/model/internal';
import { NetSpaceError, type Instance, type PRepBatch } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { describeSpace } from './checkpoint/describe-space.js';
import type { CheckpointStorage } from './checkpoint/storage.js';
import { currentVersions } from './checkpoint/versions.js';
import { nextTask } from './next-task.js';
import type { MetricsSink } from './metrics/metrics.js';
import { balancedBatches, shuffledBatches, type Batches } from './batches/batches.js';
import { classificationTask, type ClassificationTask } from './tasks/classification-task.js';
import { fixedPReps, permutedPReps } from './batches/prep-batches.js';
import { runningMeans } from './metrics/running-means.js';
import { sdfTask, type SdfTask } from './tasks/sdf-task.js';
import type { TaskContext, TaskRunner } from './tasks/train-task.js';
import { restoreRun, saveRun, type TrainingRun } from './checkpoint/training-run.js';
import { weightsTask, type WeightsTask } from './tasks/weights-task.js';

export type TrainTask = ClassificationTask | SdfTask | WeightsTask;

export interface TrainNetSpaceOptions {
  /** The zoo: the targets, of the space's architectures. They stay the caller's. */
  readonly instances: readonly Instance[];
  readonly task: TrainTask;
  /** Steps in all, those of an earlier run that is resumed included. */
  readonly steps: number;
  readonly batch?: {
    /** Instances a step encodes. */
    readonly nets?: number;
    /** Images, or points of an SDF, that their predictions are compared on. */
    readonly inputs?: number;
    /** `balanced` takes as many of each architecture, `shuffled` takes them as they come. */
    readonly sampling?: 'shuffled' | 'balanced';
  };
  /** Changes what the encoder sees of an instance from step to step; its target stays what it is. */
  readonly augment?: {
    /** Hidden channels in random order, which leaves what a network does as it is; see `channelPermutation`. */
    readonly permuteChannels?: boolean;
  };
  /** Of Adam; 1e-4 as in the paper. */
  readonly learningRate?: ScheduleConfig;
  readonly seed?: number;
  /** Losses are read, and metrics written, every so many steps: their mean since the last time. */
  readonly readEvery?: number;
  readonly checkpoint?: {
    /** Where it is kept: `checkpointFile(path)` of `@netspace/node`, `indexedDbCheckpoint` or `memoryCheckpoint`. */
    readonly storage: CheckpointStorage;
    /** Steps between two checkpoints; one is written at the end, and on abort, in any case. */
    readonly every?: number;
    /** Go on from what is there, if anything is. */
    readonly resume?: boolean;
  };
  readonly metrics?: MetricsSink;
  /** What else the run is made of, as JSON, such as the hashes of the zoo's files: a checkpoint with another is refused. */
  readonly identity?: unknown;
  /** Stops after the step in progress, when a checkpoint has been written. */
  readonly signal?: AbortSignal;
}

export interface TrainStep {
  /** Steps done. */
  readonly step: number;
  readonly steps: number;
  readonly learningRate: number;
  /** Mean of each loss term since it was last read, `loss` being the total; only at steps where losses are read. */
  readonly losses?: Readonly<Record<string, number>>;
}

/**
 * Trains a space on a zoo, step by step; the space's variables change in place.
 *
 * Each step encodes a batch of instances, decodes them, runs the predicted networks on a batch of inputs and moves encoder and decoder
 * by Adam. Teacher and targets run once a step, or once an image (`cacheTargets`), without gradient. Everything drawn is a pure function of seed and step: a run that was
 * stopped or killed and resumed goes through the same bits as an undisturbed one on the same runtime.
 *
 * @throws NetSpaceError `ABORTED` when the signal stopped it; `INVALID_OPTION` for options out of range, or a checkpoint of a run
 *   with other settings; `CORRUPT_FILE` for a damaged checkpoint
 * @see Berardi et al., "Learning the Space of Deep Models", sections III and IV
 */
export async function* trainNetSpace(space: NetSpace, options: TrainNetSpaceOptions): AsyncGenerator<TrainStep, void> {
  const { instances, steps, seed = 0, learningRate = 1e-4, readEvery = 10, checkpoint, metrics, signal } = options;
  const { nets = 8, inputs = 64, sampling = 'shuffled' } = options.batch ?? {};
  checkOptions(options);
  const batches = netBatches(sampling, { space, instances, nets, seed });
  const owned: { dispose?(): void }[] = [];
  const own = <T extends { dispose?(): void }>(thing: T): T => {
    owned.push(thing);
    return thing;
  };
  try {
    const task = own(makeTask(options.task, { space, instances, inputs, nets, steps, seed }));
    const run: TrainingRun = {
      config: {
        seed,
        learningRate: withLength(learningRate, steps),
        batch: { nets, inputs, sampling },
        readEvery,
        ...(options.augment?.permuteChannels && { augment: { permuteChannels: true } }),
        task: task.description,
        ...(checkpoint && (await describeSpace(space))),
        instances: instances.map(({ architecture }) => architecture.name),
        identity: options.identity ?? null,
      },
      variables: space.variables,
      optimizer: own(adam({ learningRate: scheduleFrom(learningRate, steps) })),
      means: own(runningMeans(task.terms)),
      versions: currentVersions(),
    };
    const preps = own(options.augment?.permuteChannels ? await permutedPReps(instances, { space, seed }) : fixedPReps(instances, space));
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
      if (checkpoint !== undefined && (step === steps || step % (checkpoint.every ?? 500) === 0)) await saveRun(checkpoint.storage, run);
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
    const { grads } = tf.variableGrads(() => {
      const terms = loss(batch);
      means.add(terms);
      return terms[0]!;
    }, Object.values(variables));
    optimizer.apply(variables, Object.fromEntries(Object.entries(variables).map(([key, { name }]) => [key, grads[name]!])));
  });
}

function makeTask(task: TrainTask, context: TaskContext): TaskRunner {
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

function checkOptions({ instances, steps, readEvery = 10, checkpoint }: TrainNetSpaceOptions): void {
  if (instances.length === 0) throw new NetSpaceError('INVALID_OPTION', 'trainNetSpace: expected at least one instance, got none');
  for (const [key, value] of Object.entries({ steps, readEvery, 'checkpoint.every': checkpoint?.every ?? 1 })) {
    if (!(Number.isInteger(value) && value >= 1)) {
      throw new NetSpaceError('INVALID_OPTION', `trainNetSpace: expected ${key} to be a positive integer, got ${value}`);
    }
  }
}

const stopped = (step: number, steps: number, path: string | undefined): NetSpaceError =>
  new NetSpaceError(
    'ABORTED',
    `trainNetSpace: stopped by its signal after step ${step} of ${steps}; ${path === undefined ? 'no checkpoint was written' : `resume from ${path}`}`,
  );
