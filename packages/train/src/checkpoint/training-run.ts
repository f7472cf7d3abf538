import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { findNonFinite } from '@netspace/prep/internal';
import type { LearningRate, Optimizer } from '@netspace/model';
import { usedRate } from '@netspace/model/internal';
import * as tf from '@tensorflow/tfjs-core';

import type { RunningMeans } from '../metrics/running-means.js';
import { rawTensors, readCheckpoint, type Rewind, tensorsUnder, writeRawCheckpoint, type Checkpoint } from './checkpoint.js';
import { inFormOf } from './describe-space.js';
import { firstDifference } from './first-difference.js';
import type { CheckpointStorage } from './storage.js';

/** The state that changes in training, and the settings that the run was started with. */
export interface TrainingRun {
  /** Settings that influence the numbers. The number of steps is not among them, so that a finished run can be continued. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly variables: Readonly<Record<string, tf.Variable>>;
  readonly optimizer: Optimizer;
  readonly means: RunningMeans;
  readonly versions: Readonly<Record<string, string>>;
  /** Each rewind halves the learning rate. */
  readonly rewinds: Rewind[];
}

/** The state of a run at one step. The tensors share their memory with those of the run until these change. */
export interface RunState {
  readonly step: number;
  /** `space/`, `optimizer/` and `means/`. */
  readonly tensors: Readonly<Record<string, tf.Tensor>>;
}

/** The present state of the run; the caller disposes of its tensors. */
export function stateOf({ variables, optimizer, means }: TrainingRun): RunState {
  const weights = Object.fromEntries(Object.entries(variables).map(([name, variable]) => [name, tf.clone(variable)]));
  const tensors = { ...prefixed('space/', weights), ...prefixed('optimizer/', optimizer.state()), ...prefixed('means/', means.state()) };
  return { step: optimizer.step, tensors };
}

/**
 * Writes the run's checkpoint, unless it has NaN or infinity. The earlier one then stays.
 *
 * @param back the state that the run goes back to if it diverges; written too, unless it is the present state
 * @returns the name of what is not finite; undefined if everything is finite
 */
export async function saveRun(storage: CheckpointStorage, run: TrainingRun, back?: RunState): Promise<string | undefined> {
  const { config, versions, rewinds } = run;
  const { step, tensors } = stateOf(run);
  try {
    const raw = await rawTensors({ ...tensors, ...(back !== undefined && back.step !== step && prefixed('rewind/', back.tensors)) });
    for (const [name, { data }] of raw) if (data instanceof Float32Array && !allFinite(data)) return termOf(name);
    await writeRawCheckpoint(storage, { step, config, versions, rewinds, tensors: raw });
    return undefined;
  } finally {
    tf.dispose(tensors);
  }
}

/**
 * Puts the run into the state of its checkpoint, if there is one. Nothing is assigned before everything has been checked.
 *
 * @param steps the steps that the run is to have in the end
 * @returns the state that the run goes back to if it diverges; undefined if there is no checkpoint. The caller disposes of its tensors
 * @throws NetSpaceError `INVALID_OPTION` if the checkpoint is of a run with another config, naming the first key that differs, or if the
 * learning rate is 0 before the last step;
 * `CORRUPT_FILE` if it lacks a tensor, has one too many or one of another shape, has NaN or infinity, or contradicts itself about its step
 */
export async function restoreRun(storage: CheckpointStorage, run: TrainingRun, steps: number): Promise<RunState | undefined> {
  const checkpoint = await readCheckpoint(storage);
  if (checkpoint === undefined) return undefined;
  const { step, tensors, rewinds = [] } = checkpoint;
  try {
    checkSameRun(storage.name, checkpoint, run);
    if (step < steps) checkRateIsLeft(storage.name, run, steps);
    const found = await findNonFinite(Object.entries(tensors));
    if (found !== undefined) throw corrupt(storage, `finite numbers, got ${found.value} at [${found.place}] of '${found.name}'`);
    const back = tensorsUnder(tensors, 'rewind/');
    await setRun(storage, run, { tensors: without('rewind/', tensors), step });
    run.rewinds.splice(0, Infinity, ...rewinds);
    if (Object.keys(back).length === 0) return stateOf(run);
    const [at] = (await back['optimizer/step']?.data()) ?? [];
    return { step: at ?? 0, tensors: Object.fromEntries(Object.entries(back).map(([name, tensor]) => [name, tensor.clone()])) };
  } finally {
    tf.dispose(tensors);
  }
}

/**
 * Puts a run into a state. The caller keeps the state's tensors. The weights change last.
 *
 * @throws NetSpaceError `CORRUPT_FILE` if it is no state of this run; its weights then stay unchanged
 */
export async function setRun(storage: Pick<CheckpointStorage, 'name'>, run: TrainingRun, { tensors, step }: RunState): Promise<void> {
  const weights = tensorsUnder(tensors, 'space/');
  checkWeights(storage, run.variables, weights);
  const [strange] = Object.keys(tensors).filter((name) => !/^(space|optimizer|means)\//.test(name));
  if (strange !== undefined) throw corrupt(storage, `only tensors of a run, got '${strange}'`);
  const optimizer = tensorsUnder(tensors, 'optimizer/');
  const [own] = (await optimizer['step']?.data()) ?? [];
  if (own !== step) throw corrupt(storage, `an optimizer at step ${step}, got one at step ${own}`);
  try {
    await run.means.restore(tensorsUnder(tensors, 'means/'));
    await run.optimizer.restore(optimizer, run.variables);
  } catch (error) {
    if (!isNetSpaceError(error)) throw error;
    throw new NetSpaceError(error.code, `trainNetSpace: ${storage.name} cannot be resumed: ${error.message}`, { cause: error });
  }
  for (const [name, variable] of Object.entries(run.variables)) variable.assign(weights[name]!);
}

function checkWeights(
  storage: Pick<CheckpointStorage, 'name'>,
  variables: TrainingRun['variables'],
  weights: Readonly<Record<string, tf.Tensor>>,
): void {
  for (const [name, { shape }] of Object.entries(variables)) {
    const { [name]: weight } = weights;
    if (weight === undefined) throw new NetSpaceError('CORRUPT_FILE', `trainNetSpace: ${storage.name} lacks the weight '${name}'`);
    if (weight.dtype !== 'float32' || !tf.util.arraysEqual(weight.shape, shape)) {
      throw corrupt(storage, `the weight '${name}' as float32 [${shape}], got ${weight.dtype} [${weight.shape}]`);
    }
  }
  const [unknown] = Object.keys(weights).filter((name) => variables[name] === undefined);
  if (unknown !== undefined) throw corrupt(storage, `the weights of this space, got also '${unknown}'`);
}

const corrupt = ({ name }: Pick<CheckpointStorage, 'name'>, expectedGot: string): NetSpaceError =>
  new NetSpaceError('CORRUPT_FILE', `trainNetSpace: expected in ${name} ${expectedGot}; take a copy of it, or start from the beginning`);

function checkSameRun(path: string, { config }: Checkpoint, run: TrainingRun): void {
  const difference = firstDifference(comparable(config), comparable(JSON.parse(JSON.stringify(inFormOf(config, run.config)))));
  if (difference === undefined) return;
  if (difference === 'learningRate.steps') throw otherLength(path, config, run);
  throw new NetSpaceError(
    'INVALID_OPTION',
    `trainNetSpace: ${path} is of a run with another '${difference}'; use its settings to resume it, or start in another folder`,
  );
}

/** A rate that falls until the end may have no steps of its own. It then has those of the run. */
function otherLength(path: string, config: unknown, run: TrainingRun): NetSpaceError {
  const [was, is] = [fallOf(config), fallOf(run.config)];
  const goOn = was.final === 0 ? '' : `, or with learningRate.steps: ${was.steps} to go on at the rate that it ended with (${was.final})`;
  const longer = is.steps! > was.steps!;
  const why = longer && was.final === 0 ? `, because its learning rate is 0 after ${was.steps} steps` : '';
  return new NetSpaceError(
    'INVALID_OPTION',
    `trainNetSpace: expected ${path} to be of a run whose learning rate falls over ${is.steps} steps, got one over ${was.steps}: such a run cannot be made ${longer ? 'longer' : 'shorter'}${why}; resume it with ${was.steps} steps${goOn}, or start in another folder`,
  );
}

/** At a learning rate of 0 a step costs its time and changes nothing. */
function checkRateIsLeft(path: string, run: TrainingRun, steps: number): void {
  const { kind, final, steps: fall = steps } = fallOf(run.config);
  if (final !== 0 || fall >= steps) return;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `trainNetSpace: expected a learning rate above 0 up to step ${steps}, got a ${kind} schedule in ${path} that is 0 from step ${fall} on, where nothing is learned; resume it with ${fall} steps, or start in another folder`,
  );
}

/** How the rate of a run falls to its last value; without `final` if it does not. */
function fallOf(config: unknown): { readonly kind?: string; readonly final?: number; readonly steps?: number | undefined } {
  const { learningRate } = config as { readonly learningRate: LearningRate };
  const rate = usedRate(learningRate);
  return typeof rate === 'object' && (rate.kind === 'cosine' || rate.kind === 'linear') ? rate : {};
}

/**
 * A config with the defaults of its learning rate filled in. Two rates with the same meaning are then equal, in whatever form they were
 * written.
 */
function comparable(config: unknown): unknown {
  if (typeof config !== 'object' || config === null || !('learningRate' in config)) return config;
  return { ...config, learningRate: usedRate(config.learningRate as LearningRate) };
}

function termOf(name: string): string {
  if (name.startsWith('means/')) return 'a loss term';
  return name.startsWith('space/') ? `the weight ${name.slice('space/'.length)}` : `the state ${name}`;
}

function allFinite(values: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * 0; // twenty times as fast as a call for each number
  return sum === 0;
}

const without = <T>(prefix: string, named: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(named).filter(([name]) => !name.startsWith(prefix)));

const prefixed = <T extends tf.Tensor>(prefix: string, tensors: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [prefix + name, tensor]));
