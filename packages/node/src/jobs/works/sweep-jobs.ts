import { join } from 'node:path';

import { disposeInstances, isNetSpaceError } from '@netspace/prep';
import { parseOptions } from '@netspace/prep/internal';
import { isTensorDataset } from '@netspace/zoo/internal';

import { openZoo } from '../../cli/files/open-zoo.js';
import { measuresOfSpace } from '../../cli/sweep/measures-of-space.js';
import { trainByConfig } from '../../cli/training/train-by-config.js';
import { type TrainConfig, trainConfigOptions } from '../../cli/training/train-config.js';
import { parseDatasetSpec } from '../../datasets/dataset-spec.js';
import { releaseOfOtherMachine } from '../../files/folder-lock.js';
import { readMetrics } from '../../metrics/metrics-file.js';
import { TRAINING_LOCK } from '../../runs/train-in-folder.js';
import type { SelectedRuntime } from '../../runtime/select-runtime.js';
import { type Job, namedBytes } from '../job.js';
import type { SweepSource } from './work-source.js';

/** What became of a run: as its job gives it, as JSON. */
export type SweepResult =
  | {
      readonly steps: number;
      /** The last losses that were read, and what was measured at the end. */
      readonly losses: Readonly<Record<string, number>>;
      readonly measures: Readonly<Record<string, number>>;
    }
  /** It diverged. */
  | { readonly problem: string };

/**
 * Jobs that train one space each, in a folder of its own below that of the sweep. A job that is run again goes on from the checkpoint there.
 *
 * @throws NetSpaceError as `openZoo`, the loaders of data and `trainNetSpace`
 */
export async function sweepJobs(
  folder: string,
  { runs, evaluate, shared }: SweepSource,
  { runtime, data }: { readonly runtime: SelectedRuntime; readonly data?: string | undefined },
): Promise<readonly Job[]> {
  const networks = once(async (zoo: string) => (await openZoo(zoo)).records.map(({ name, sha256 }) => [name, sha256]));
  const arrays = once(async (spec: string) => arraysOf(await parseDatasetSpec(spec).load('train')));
  const testArrays = once(async (spec: string) => arraysOf(await parseDatasetSpec(spec).load('test')));
  const jobs: Job[] = [];
  for (const { name, config: given } of runs) {
    const parsed = parseOptions(`sweep: ${name}`, trainConfigOptions, given);
    const config: TrainConfig = data === undefined || parsed.data === undefined ? parsed : { ...parsed, data };
    const spec = config.data ?? (config.task.kind === 'classification' ? 'mnist' : undefined);
    const measuredOn = evaluate && config.task.kind !== 'sdf' ? (data ?? evaluate.data ?? spec) : undefined; // loaded now: a fault is told before hours of training
    const { data: _, ...settings } = config; // the data are known by their bytes, wherever they lie
    jobs.push({
      ...{
        title: name,
        names: [name],
        settings: { kind: 'sweep', name, config: settings, evaluate, networks: await networks(config.zoo) },
      },
      data: [...(spec === undefined ? [] : await arrays(spec)), ...(measuredOn === undefined ? [] : await testArrays(measuredOn))],
      async *run({ signal, onStep }) {
        const own = join(folder, name);
        if (shared === true) await releaseOfOtherMachine(own, TRAINING_LOCK);
        const result = await resultOf(own, {
          config,
          evaluate: evaluate && { ...evaluate, ...(data && { data }) },
          runtime,
          signal,
          onStep,
        });
        yield namedBytes(name, new TextEncoder().encode(JSON.stringify(result)));
      },
    });
  }
  return jobs;
}

interface Run extends Pick<Parameters<Job['run']>[0], 'signal' | 'onStep'> {
  readonly config: TrainConfig;
  readonly evaluate: SweepSource['evaluate'];
  readonly runtime: SelectedRuntime;
}

/** Trains the space in a folder, or what is left of its training, and measures it. That it diverges is a result: it would diverge again. */
async function resultOf(folder: string, { config, evaluate, runtime, signal, onStep }: Run): Promise<SweepResult> {
  try {
    const { space, entries, result } = await trainByConfig(folder, {
      ...{ config, runtime, resume: true, signal, note: () => undefined },
      onStep: ({ step }) => onStep?.({ step, steps: config.steps }),
    });
    try {
      const measures = evaluate === undefined ? {} : await measuresOfSpace(space, { folder, config, ...evaluate, signal });
      return { steps: result.steps, losses: await lastLosses(folder), measures };
    } finally {
      disposeInstances(entries.map(({ instance }) => instance));
      space.dispose();
    }
  } catch (error) {
    if (isNetSpaceError(error) && error.code === 'DIVERGED') return { problem: error.message };
    throw error;
  }
}

/** The losses that were read last: from the file, for a training that is found done reads none. */
async function lastLosses(folder: string): Promise<Readonly<Record<string, number>>> {
  const last = (await readMetrics(join(folder, 'metrics.jsonl'))).at(-1) ?? {};
  const isLoss = ([key, value]: [string, unknown]): boolean =>
    !['step', 'learningRate', 'rewinds'].includes(key) && typeof value === 'number';
  return Object.fromEntries(Object.entries(last).filter(isLoss)) as Readonly<Record<string, number>>;
}

/** Computes something once for each key. */
function once<T>(compute: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (key) => {
    const value = known.get(key) ?? compute(key);
    known.set(key, value);
    return value;
  };
}

type LoadedDataset = Awaited<ReturnType<ReturnType<typeof parseDatasetSpec>['load']>>;

const arraysOf = (dataset: LoadedDataset): readonly ArrayBufferView[] =>
  isTensorDataset(dataset)
    ? [dataset.inputs, dataset.labels, dataset.targets].flatMap((array) => array ?? [])
    : [dataset.images, dataset.labels];
