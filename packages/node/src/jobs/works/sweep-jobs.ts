import { join } from 'node:path';

import { disposeInstances, isNetSpaceError } from '@netspace/prep';
import { parseOptions } from '@netspace/prep/internal';
import type { InstanceRecord } from '@netspace/zoo';
import { isTensorDataset } from '@netspace/zoo/internal';

import { architecturesIn } from '../../architectures/architectures-in.js';
import { openZoo } from '../../cli/files/open-zoo.js';
import { refinedOn, refuseSameHalves } from '../../cli/options/refine-option.js';
import { labeled, taskOf } from '../../cli/measured-task.js';
import { measuresOfSpace } from '../../cli/sweep/measures-of-space.js';
import { trainByConfig } from '../../cli/training/train-by-config.js';
import { type TrainConfig, trainConfigOptions } from '../../cli/training/train-config.js';
import { parseDatasetSpec } from '../../datasets/dataset-spec.js';
import type { DatasetSplit } from '../../datasets/dataset-split.js';
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
  const architectures = once((zoo: string) => architecturesIn(zoo, folder));
  const sources = once(loadedOnce);
  const jobs: Job[] = [];
  for (const { name, config: given } of runs) {
    const parsed = parseOptions(`sweep: ${name}`, trainConfigOptions, given);
    const config: TrainConfig = data === undefined || parsed.data === undefined ? parsed : { ...parsed, data };
    const spec = config.data ?? (config.task.kind === 'classification' ? 'mnist' : undefined);
    const own = await records(config.zoo);
    const measuredOn =
      evaluate === undefined ? [] : await inputsOfMeasures(config, own, { evaluate, spec: data ?? evaluate.data ?? spec, sources }); // now: a fault is told before hours of training
    const find = await architectures(config.zoo);
    const seen = [...(spec === undefined ? [] : [await sources(spec).load('train')]), ...measuredOn];
    const known = [...new Set(seen.flatMap(arraysOf))];
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

interface InputsOf {
  readonly evaluate: NonNullable<SweepSource['evaluate']>;
  readonly spec: string | undefined;
  readonly sources: (spec: string) => Source;
}

/** What the keys are called that a config of a sweep has in place of options. */
const KEYS = { data: 'data, or evaluate.data,', refine: 'evaluate.refine' };

/**
 * What the space of a config is measured on, and what its encodings are refined on, as far as that are data.
 *
 * @throws NetSpaceError `INVALID_OPTION` for classifiers without labels, or for data that refinement and measures would share
 */
async function inputsOfMeasures(
  config: TrainConfig,
  records: readonly InstanceRecord[],
  { evaluate: { refine }, spec, sources }: InputsOf,
): Promise<readonly LoadedDataset[]> {
  const find = await architecturesIn(config.zoo);
  const architectures = [...new Set(records.map(({ architecture }) => architecture))].map(find);
  const task = taskOf('sweep', { architectures }, { recorded: { ...config.task } });
  if (task.task === 'sdf') return [];
  const named = spec ?? (task.task === 'classification' ? 'mnist' : undefined);
  const source = named === undefined ? undefined : sources(named);
  const loaded = await source?.load('test');
  const dataset = task.task === 'classification' ? labeled('sweep', loaded!) : loaded;
  const inputs = refine === undefined ? undefined : await refinedOn('sweep', { architectures }, { source, task, names: KEYS });
  refuseSameHalves('sweep', { refine: { inputs }, dataset, data: named, names: KEYS });
  return [dataset, inputs].flatMap((one) => (typeof one === 'object' ? [one] : []));
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
function once<T, Key extends string = string>(compute: (key: Key) => T): (key: Key) => T {
  const known = new Map<Key, T>();
  return (key) => {
    const value = known.get(key) ?? compute(key);
    known.set(key, value);
    return value;
  };
}

type LoadedDataset = Awaited<ReturnType<ReturnType<typeof parseDatasetSpec>['load']>>;
interface Source {
  readonly load: (half: DatasetSplit) => Promise<LoadedDataset>;
}

/** A data set of which each half is read once. */
function loadedOnce(spec: string): Source {
  const source = parseDatasetSpec(spec);
  return { load: once((half: DatasetSplit): Promise<LoadedDataset> => source.load(half)) };
}

const arraysOf = (dataset: LoadedDataset): readonly ArrayBufferView[] =>
  isTensorDataset(dataset)
    ? [dataset.inputs, dataset.labels, dataset.targets].flatMap((array) => array ?? [])
    : [dataset.images, dataset.labels];
