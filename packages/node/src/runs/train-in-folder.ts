import { join } from 'node:path';

import type { NetSpace } from '@netspace/model';
import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import {
  asGiven,
  count,
  flag,
  functionOf,
  type GivenBy,
  objectOf,
  optional,
  parseOptions,
  thing,
  type UsedBy,
  withDefault,
} from '@netspace/prep/internal';
import {
  type CheckpointStorage,
  type MetricsSink,
  type Rewind,
  trainNetSpace,
  type TrainNetSpaceOptions,
  type TrainStep,
} from '@netspace/train';
import { trainNetSpaceOptions } from '@netspace/train/internal';

import { keepArchitectures } from '../architectures/architectures-in.js';
import { checkpointFile } from '../files/checkpoint-file.js';
import { fileHandler } from '../files/file-handler.js';
import { withFolderLock } from '../files/folder-lock.js';
import { FILE_LIMITS, readRegularFile } from '../files/read-regular-file.js';
import { writeAtomically } from '../files/write-atomically.js';
import { metricsFile, readMetrics } from '../metrics/metrics-file.js';
import { command, config, configFile, runtime } from './option-kinds.js';
import { finishAfter, readRunRecord, startRunRecord } from './run-record.js';

/** Numbers by name. */
export type Measurements = Readonly<Record<string, number>>;

/** A step of a training in a folder. */
export interface FolderStep extends TrainStep {
  /** The measurements of `watch` after it; left out if none was due. */
  readonly measured?: Measurements;
}

const watch = objectOf({
  /** Steps between two measurements. There is one more after the last step. */
  every: count,
  measure: functionOf<(space: NetSpace, step: number) => Promise<Measurements>>(),
});

/** Measures a space while it learns. */
export interface TrainingWatch extends GivenBy<typeof watch> {}

const { checkpoint: _checkpoint, metrics: _metrics, ...trainingEntries } = trainNetSpaceOptions.entries;
/** The options of `trainNetSpace` that do not concern the folder. */
export const trainingOptions = objectOf(trainingEntries);

/** Held by a training as long as it runs. */
export const TRAINING_LOCK = '.training.lock';

/** See {@link TrainInFolderOptions}. */
export const trainInFolderOptions = objectOf({
  command,
  config,
  /** The file of the config, if it was read from one. */
  file: optional(configFile),
  runtime,
  /** As `trainNetSpace` takes it; the folder has a checkpoint and metrics of its own. */
  training: asGiven<Omit<TrainNetSpaceOptions, 'checkpoint' | 'metrics'>>(trainingOptions),
  /**
   * Steps between two checkpoints.
   * @default 500
   */
  checkpointEvery: withDefault(count, 500),
  /**
   * Whether to go on from the checkpoint in the folder. Without a checkpoint the run starts from the beginning.
   * @default true
   */
  resume: withDefault(flag, true),
  /**
   * Where measurements go.
   * @default `metrics.jsonl` in the folder
   */
  metrics: optional(thing<MetricsSink>('a metrics sink', ['startAfter', 'write'])),
  /** Further measurements, and how often to make them. */
  watch: optional(watch),
  /** Called before the first step, with the step that the run goes on after. */
  onStart: optional(functionOf<(step: number) => void>()),
  /** Called after each step, with the losses that were read last, and with what `watch` measured after it. */
  onStep: optional(functionOf<(step: FolderStep) => void>()),
  /** Called once the space is saved, before the record says that the run is done. */
  onSaved: optional(functionOf<() => Promise<void>>()),
  /** Added to the record of the finished run. */
  facts: optional(thing<Readonly<Record<string, unknown>>>('an object', [])),
});

/** Options of {@link trainInFolder}. */
export interface TrainInFolderOptions extends GivenBy<typeof trainInFolderOptions> {}

/** The result that a finished training writes to its `run.json`. */
export interface TrainingResult {
  readonly space: string;
  /** The number of steps that the space was trained for. It may be more than asked for, if an earlier run went further. */
  readonly steps: number;
  /** Left out where the embeddings are the encoder's; otherwise encodings are to be refined. */
  readonly embeddings?: 'free';
  /** The last losses that were read. */
  readonly losses?: Measurements;
  /** How often, and where, the run went back because it had diverged. */
  readonly rewinds?: readonly Rewind[];
}

/**
 * Trains a space and leaves everything in one folder: `run.json` (config, seed, versions, state), `metrics.jsonl`,
 * `checkpoint.safetensors`, and at the end the space itself. `netspace train` does this.
 *
 * @param space its variables change in place
 * @returns the result, as in `run.json`
 * @throws NetSpaceError as `trainNetSpace`: when the signal stops it, the record says `stopped`, and the next call goes on from there;
 * after every other error it says `failed`, or what it said before where other settings than the run's are refused. `INVALID_OPTION` for
 * options that are unknown, missing or wrong, `UNAVAILABLE` while another training runs in the folder, `NOT_FOUND` if it is to go on in a
 * folder whose run has lost its checkpoint
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { NetSpace } from '@netspace/model';
 * import { selectRuntime, trainInFolder } from '@netspace/node';
 * import { initialize, siren } from '@netspace/zoo';
 *
 * const folder = await mkdtemp(join(tmpdir(), 'space-'));
 * const runtime = await selectRuntime({ prefer: 'cpu' });
 * const architecture = siren({ hidden: 4, layers: 0 });
 * const instances = [1, 2].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) }));
 * const space = new NetSpace({ architectures: [architecture], prepShape: [4, 8], preset: 'tiny' });
 * const training = { instances, task: { kind: 'weights' }, steps: 4, batch: { nets: 2 } } as const;
 * const { steps } = await trainInFolder(space, folder, { command: 'example', config: {}, training, runtime });
 * console.log(steps); // 4
 * ```
 */
export async function trainInFolder(space: NetSpace, folder: string, options: TrainInFolderOptions): Promise<TrainingResult> {
  const used = parseOptions('trainInFolder', trainInFolderOptions, options);
  const busy = (owner: string) =>
    `trainInFolder: expected no other training in ${folder}, got one of process ${owner}; wait until it ends, or name another folder`;
  // Another lock than that of saving: a training holds it as long as it runs.
  return withFolderLock(folder, () => train(space, folder, used), { name: TRAINING_LOCK, timeoutMs: 500, busy });
}

async function train(space: NetSpace, folder: string, used: UsedBy<typeof trainInFolderOptions>): Promise<TrainingResult> {
  const { command, config, file, training, runtime, checkpointEvery, resume, watch, onStart, onStep, onSaved, facts } = used;
  const { steps, seed = 0 } = training;
  const storage = checkpointFile(join(folder, 'checkpoint.safetensors'));
  if (resume) await refuseLostCheckpoint(folder, storage);
  const putBack = resume ? await rememberRecord(folder) : undefined;
  await keepArchitectures(folder, space.architectures);
  const finish = await startRunRecord(folder, { command, config, ...(file !== undefined && { file }), seed, runtime });
  const metrics = used.metrics ?? metricsFile(join(folder, 'metrics.jsonl'));
  const checkpoint = { storage, every: checkpointEvery, resume };
  let last: Pick<TrainStep, 'step' | 'losses' | 'rewinds'> = { step: 0 };
  const run = { started: false };
  const startAfter = async (step: number): Promise<void> => {
    await metrics.startAfter(step);
    if (run.started) return; // back, after it diverged
    run.started = true;
    last = { step };
    onStart?.(step);
  };
  try {
    for await (const step of trainNetSpace(space, {
      ...training,
      metrics: { startAfter, write: (record) => metrics.write(record) },
      checkpoint,
    })) {
      const shown = { ...step, ...(step.losses === undefined && last.losses && { losses: last.losses }) };
      last = shown;
      const due = watch !== undefined && (step.step % watch.every === 0 || step.step === steps);
      const measured = due ? await watch.measure(space, step.step) : undefined;
      if (measured !== undefined) await metrics.write({ step: step.step, ...measured });
      onStep?.({ ...shown, ...(measured && { measured }) });
    }
    await space.save(fileHandler(folder));
    await onSaved?.();
  } catch (error) {
    const refused = !run.started && isNetSpaceError(error) && error.code === 'INVALID_OPTION';
    await (refused && putBack !== undefined ? putBack() : finishAfter(finish, error, { step: last.step }));
    throw error;
  }
  const { losses, rewinds } = last;
  const free = training.embeddings === 'free' && { embeddings: training.embeddings }; // who uses the space has to refine its encodings
  const result = { space: folder, steps: last.step, ...free, ...(losses && { losses }), ...(rewinds && { rewinds }), ...facts };
  await finish('done', result);
  return result;
}

/** Restores the folder's earlier record, if there was one, because refused settings are not those of the run in the folder. */
async function rememberRecord(folder: string): Promise<(() => Promise<void>) | undefined> {
  const path = join(folder, 'run.json');
  const before = await readRegularFile('train', path, FILE_LIMITS.json).catch(() => undefined);
  return before && (() => writeAtomically(path, before).catch(() => undefined)); // the present error is the one to report
}

/** A new start would delete the measurements of the run. */
async function refuseLostCheckpoint(folder: string, storage: CheckpointStorage): Promise<void> {
  if ((await storage.read()) !== undefined) return;
  const measured = (await readMetrics(join(folder, 'metrics.jsonl'))).at(-1)?.step ?? 0;
  const { step = 0, steps = 0 } = ((await readRunRecord(folder))?.result ?? {}) as { readonly step?: number; readonly steps?: number };
  const reached = Math.max(measured, step, steps);
  if (reached === 0) return;
  throw new NetSpaceError(
    'NOT_FOUND',
    `trainInFolder: expected ${storage.name} to go on from, got none, though the run was at step ${reached}; put it back, or remove ${folder} to start from the beginning`,
  );
}
