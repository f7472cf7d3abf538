import { NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import type { CheckpointStorage } from './storage.js';
import { readCheckpoint, tensorsUnder, writeCheckpoint, type Checkpoint } from './checkpoint.js';
import { inFormOf } from './describe-space.js';
import { firstDifference } from './first-difference.js';
import type { LearningRate, Optimizer } from '@netspace/model';
import { usedRate } from '@netspace/model/internal';
import type { RunningMeans } from '../metrics/running-means.js';

/** What changes while training, and what it was started with. */
export interface TrainingRun {
  /** Settings that shape the numbers; the number of steps is not among them, so that a finished run can be prolonged. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly variables: Readonly<Record<string, tf.Variable>>;
  readonly optimizer: Optimizer;
  readonly means: RunningMeans;
  readonly versions: Readonly<Record<string, string>>;
}

/** Writes the run's checkpoint. */
export async function saveRun(storage: CheckpointStorage, { config, variables, optimizer, means, versions }: TrainingRun): Promise<void> {
  const state = { ...prefixed('optimizer/', optimizer.state()), ...prefixed('means/', means.state()) };
  try {
    await writeCheckpoint(storage, { step: optimizer.step, config, versions, tensors: { ...prefixed('space/', variables), ...state } });
  } finally {
    tf.dispose(state);
  }
}

/**
 * Puts the run where its checkpoint was, if there is one.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the checkpoint is of a run with another config, naming the first key that differs
 */
export async function restoreRun(storage: CheckpointStorage, run: TrainingRun): Promise<void> {
  const checkpoint = await readCheckpoint(storage);
  if (checkpoint === undefined) return;
  try {
    checkSameRun(storage.name, checkpoint, run);
    const weights = tensorsUnder(checkpoint.tensors, 'space/');
    for (const [name, variable] of Object.entries(run.variables)) variable.assign(weights[name]!);
    await run.optimizer.restore(tensorsUnder(checkpoint.tensors, 'optimizer/'));
    await run.means.restore(tensorsUnder(checkpoint.tensors, 'means/'));
  } finally {
    tf.dispose(checkpoint.tensors);
  }
}

function checkSameRun(path: string, { config, tensors }: Checkpoint, run: TrainingRun): void {
  const difference = firstDifference(comparable(config), comparable(JSON.parse(JSON.stringify(inFormOf(config, run.config)))));
  if (difference !== undefined) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `trainNetSpace: ${path} is of a run with another '${difference}'; use its settings to resume it, or start in another folder`,
    );
  }
  const missing = Object.entries(run.variables).find(
    ([name, { shape }]) => !tf.util.arraysEqual(tensors[`space/${name}`]?.shape ?? [-1], shape),
  );
  if (missing !== undefined) throw new NetSpaceError('CORRUPT_FILE', `trainNetSpace: ${path} lacks the weight '${missing[0]}'`);
}

/** A config with the defaults of its learning rate filled in: rates that mean the same are the same, however they were written. */
function comparable(config: unknown): unknown {
  if (typeof config !== 'object' || config === null || !('learningRate' in config)) return config;
  return { ...config, learningRate: usedRate(config.learningRate as LearningRate) };
}

const prefixed = <T extends tf.Tensor>(prefix: string, tensors: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));
