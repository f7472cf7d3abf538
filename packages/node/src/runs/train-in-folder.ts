import { join } from 'node:path';

import type { NetSpace } from '@netspace/model';
import { isNetSpaceError } from '@netspace/prep';
import { type MetricsSink, trainNetSpace, type TrainNetSpaceOptions, type TrainStep } from '@netspace/train';

import { checkpointFile } from '../files/checkpoint-file.js';
import { fileHandler } from '../files/file-handler.js';
import { metricsFile } from '../metrics/metrics-file.js';
import type { SelectedRuntime } from '../runtime/select-runtime.js';
import { startRunRecord, type RunRecord } from './run-record.js';

/** Numbers by name. */
export type Measurements = Readonly<Record<string, number>>;

/** Measures a space while it learns. */
export interface TrainingWatch {
  /** Steps between two looks; there is one more after the last step. */
  readonly every: number;
  readonly measure: (space: NetSpace, step: number) => Promise<Measurements>;
}

export interface TrainInFolderOptions extends Pick<RunRecord, 'command' | 'config'> {
  readonly training: Omit<TrainNetSpaceOptions, 'checkpoint' | 'metrics'>;
  readonly runtime: SelectedRuntime;
  /**
   * Steps between two checkpoints.
   *
   * @default 500
   */
  readonly checkpointEvery?: number;
  /**
   * Whether to go on from the checkpoint in the folder, if there is one.
   *
   * @default true
   */
  readonly resume?: boolean;
  /**
   * Where measurements go.
   *
   * @default `metrics.jsonl` in the folder
   */
  readonly metrics?: MetricsSink;
  readonly watch?: TrainingWatch;
  /** Called after each step, with the losses that were read last, and with what `watch` measured after it. */
  readonly onStep?: (step: TrainStep, measured: Measurements | undefined) => void;
  /** Goes into the record of the finished run. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** What a finished training leaves in its `run.json`. */
export interface TrainingResult {
  readonly space: string;
  readonly steps: number;
  /** The last that were read. */
  readonly losses?: Measurements;
}

/**
 * Trains a space and leaves everything in one folder: `run.json` (config, seed, versions, state), `metrics.jsonl`,
 * `checkpoint.safetensors`, and at the end the space itself. What `netspace train` does.
 *
 * @param space its variables change in place
 * @returns what `run.json` says of the result
 * @throws NetSpaceError as `trainNetSpace`; when the signal stops it, the record says `stopped`, and the next call goes on from there
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
  const { command, config, training, runtime, checkpointEvery = 500, resume = true, watch, onStep, facts } = options;
  const { steps, seed = 0 } = training;
  const finish = await startRunRecord(folder, { command, config, seed, runtime });
  const metrics = options.metrics ?? metricsFile(join(folder, 'metrics.jsonl'));
  const checkpoint = { storage: checkpointFile(join(folder, 'checkpoint.safetensors')), every: checkpointEvery, resume };
  let last: TrainStep | undefined;
  try {
    for await (const step of trainNetSpace(space, { ...training, metrics, checkpoint })) {
      last = { ...step, ...(step.losses === undefined && last?.losses && { losses: last.losses }) };
      const due = watch !== undefined && (step.step % watch.every === 0 || step.step === steps);
      const measured = due ? await watch.measure(space, step.step) : undefined;
      if (measured !== undefined) await metrics.write({ step: step.step, ...measured });
      onStep?.(last, measured);
    }
    await space.save(fileHandler(folder));
  } catch (error) {
    if (isNetSpaceError(error) && error.code === 'ABORTED') await finish('stopped', { step: last?.step });
    throw error;
  }
  const result = { space: folder, steps, ...(last?.losses && { losses: last.losses }), ...facts };
  await finish('done', result);
  return result;
}
