import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import {
  makePart,
  makeParts,
  progressLines,
  selectRuntime,
  settingsHash,
  stageClock,
  startRunRecord,
  stopwatch,
  type StageTime,
} from '@netspace/node';
import { isNetSpaceError } from '@netspace/prep';
import { currentVersions } from '@netspace/train/internal';

import type { Context, Experiment, Outcome, Scale } from './experiment.js';
import { partProcess } from './part-process.js';
import { makePartsOnQueue, type PartsOnQueue, workOnParts } from './parts-on-queue.js';
import { root } from './root.js';
import { writeResults } from './results/write-results.js';

export interface RunOptions {
  readonly scale: Scale;
  readonly seed: number;
  /** Where zoos, spaces and, unless the scale is small, results go. */
  readonly out: string;
  readonly stepsLimit?: number | undefined;
  readonly queue?: string | undefined;
  readonly signal: AbortSignal;
  readonly log: (message: string) => void;
}

/** Runs an experiment and writes its results; those of the small scale go beside its code, to be committed. */
export async function runExperiment(
  experiment: Experiment<object>,
  { processes, ...options }: Spread,
): Promise<{ readonly outcome: Outcome; readonly file: string }> {
  const { scale, out, stepsLimit, log } = options;
  const { context, clock } = await contextOf(options);
  log(`${experiment.name}, ${scale}, on ${context.runtime.name} (${context.runtime.device})`);
  const config = experiment.configs[scale];
  const watch = stopwatch();
  let inStages = 0;
  const timed: Context = {
    ...context,
    async stage(name, work) {
      const stage = stopwatch();
      try {
        return await context.stage(name, work);
      } finally {
        inStages += stage().cpuSeconds;
      }
    },
  };
  const finish = await startRunRecord(join(out, experiment.name), {
    ...{ command: `experiment ${experiment.name} --scale ${scale}`, config, seed: options.seed, runtime: context.runtime },
  });
  try {
    const parts = experiment.parts?.(config) ?? [];
    if (options.queue !== undefined) await makePartsOnQueue(parts, timed, onQueue(experiment, { ...options, processes }, context));
    else if (processes > 1) await makeParts(parts, timed, { processes });
    const outcome = await experiment.run(config, timed);
    const { span, cpuSeconds } = watch();
    const own: StageTime = { spans: [span], cpuSeconds: cpuSeconds - inStages };
    const folder = scale === 'small' && stepsLimit === undefined ? join(root, 'experiments', experiment.name) : join(out, experiment.name);
    const file = await writeResults(folder, { experiment, config, context, processes, outcome, own, stages: clock.times() });
    await finish('done', { file });
    return { outcome, file };
  } catch (error) {
    if (isNetSpaceError(error) && error.code === 'ABORTED') await finish('stopped');
    throw error;
  }
}

type Spread = RunOptions & { readonly processes: number };

/** Makes parts of an experiment that runs on another machine with the same options, until the signal. */
export async function workOnExperiment(experiment: Experiment<object>, options: Spread): Promise<void> {
  const { context } = await contextOf(options);
  await workOnParts(experiment.parts?.(experiment.configs[options.scale]) ?? [], context, onQueue(experiment, options, context));
}

function onQueue(
  { name, configs }: Experiment<object>,
  { queue, scale, processes }: Spread,
  { seed, stepsLimit, runtime }: Context,
): PartsOnQueue {
  if (queue === undefined) throw new Error('expected --queue with --work, got none');
  const id = settingsHash([name, scale, configs[scale], seed, stepsLimit ?? null, jobVersions(runtime)]);
  return { url: queue, id, processes, make: partProcess(processes) };
}

const jobVersions = ({ name, version }: Context['runtime']): object => {
  const { netspace, tfjs } = currentVersions();
  return { netspace, tfjs, runtime: name, version };
};

/** Makes one part of an experiment; {@link runExperiment} then finds it. */
export async function runPart(experiment: Experiment<object>, name: string, options: RunOptions): Promise<void> {
  const { context } = await contextOf(options);
  await makePart(experiment.parts?.(experiment.configs[options.scale]) ?? [], name, context);
}

async function contextOf({ scale, seed, out, stepsLimit, queue, signal, log }: RunOptions) {
  mkdirSync(out, { recursive: true });
  const clock = stageClock(join(out, 'stages'));
  const context: Context = {
    ...{ scale, seed, work: out, runtime: await selectRuntime(), signal, stepsLimit, queue, log },
    progress: (label, total) => progressLines(label, total, { everyMs: 20_000, write: log }),
    stage: (name, work) => clock.time(name, work),
  };
  return { context, clock };
}
