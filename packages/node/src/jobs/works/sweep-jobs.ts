import { join } from 'node:path';

import { disposeInstances, isNetSpaceError } from '@netspace/prep';
import { parseOptions } from '@netspace/prep/internal';
import type { InstanceRecord } from '@netspace/zoo';
import { isTensorDataset } from '@netspace/zoo/internal';

import { architecturesIn } from '../../architectures/architectures-in.js';
import { openZoo } from '../../cli/files/open-zoo.js';
import { labeled, taskOf } from '../../cli/measured-task.js';
import { measuresOfSpace } from '../../cli/sweep/measures-of-space.js';
import { trainByConfig } from '../../cli/training/train-by-config.js';
import { type TrainConfig, trainConfigOptions } from '../../cli/training/train-config.js';
import { parseDatasetSpec } from '../../datasets/dataset-spec.js';
import { releaseOfOtherMachine } from '../../files/folder-lock.js';
import { readMetrics } from '../../metrics/metrics-file.js';
import { TRAINING_LOCK } from '../../runs/train-in-folder.js';
import type { SelectedRuntime } from '../../runtime/select-runtime.js';
import { type Job, namedBytes } from '../job.js';
import { memoryOfTraining } from './training-memory.js';
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
  const records = once(async (zoo: string) => (await openZoo(zoo)).records);
  const arrays = once(async (spec: string) => arraysOf(await parseDatasetSpec(spec).load('train')));
  const architectures = once((zoo: string) => architecturesIn(zoo, folder));
  const tests = once(async (spec: string) => parseDatasetSpec(spec).load('test'));
  const jobs: Job[] = [];
  for (const { name, config: given } of runs) {
    const parsed = parseOptions(`sweep: ${name}`, trainConfigOptions, given);
    const config: TrainConfig = data === undefined || parsed.data === undefined ? parsed : { ...parsed, data };
    const spec = config.data ?? (config.task.kind === 'classification' ? 'mnist' : undefined);
    const own = await records(config.zoo);
    const measuredOn = evaluate && (await testOf(config, own, { spec: data ?? evaluate.data ?? spec, tests })); // now: a fault is told before hours of training
    const find = await architectures(config.zoo);
    const known = [...(spec === undefined ? [] : await arrays(spec)), ...(measuredOn === undefined ? [] : arraysOf(measuredOn))];
    const { data: _, ...settings } = config; // the data are known by their bytes, wherever they lie
    jobs.push({
      ...{
        title: name,
        names: [name],
        settings: { kind: 'sweep', name, config: settings, evaluate, networks: own.map((record) => [record.name, record.sha256]) },
      },
      data: known,
      memory: () => memoryOfTraining(config, { records: own, find, data: known, isMeasured: evaluate !== undefined }),
      async *run({ signal, onStep }) {
        const place = join(folder, name);
        if (shared === true) await releaseOfOtherMachine(place, TRAINING_LOCK);
        const result = await resultOf(place, {
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

interface TestOf {
  readonly spec: string | undefined;
  readonly tests: (spec: string) => Promise<LoadedDataset>;
}

/**
 * What the space of a config is measured on; undefined if no data set is needed.
 *
 * @throws NetSpaceError `INVALID_OPTION` for classifiers without labels
 */
async function testOf(
  config: TrainConfig,
  records: readonly InstanceRecord[],
  { spec, tests }: TestOf,
): Promise<LoadedDataset | undefined> {
  const find = await architecturesIn(config.zoo);
  const names = new Set(records.map(({ architecture }) => architecture));
  const { task } = taskOf('sweep', { architectures: [...names].map(find) }, { recorded: { ...config.task } });
  if (task === 'sdf') return undefined;
  if (task === 'classification') return labeled('sweep', await tests(spec ?? 'mnist'));
  return spec === undefined ? undefined : tests(spec);
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
