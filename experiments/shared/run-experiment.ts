import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { selectRuntime } from '@netspace/node';

import type { Context, Experiment, Outcome, Scale } from './experiment.js';
import { root } from './machine.js';
import { progressLines } from './progress.js';
import { stageClock, type StageTime } from './stage-clock.js';
import { writeResults } from './write-results.js';

export interface RunOptions {
  readonly scale: Scale;
  readonly seed: number;
  /** Where zoos, spaces and, unless the scale is small, results go. */
  readonly out: string;
  readonly stepsLimit?: number | undefined;
  readonly signal: AbortSignal;
  readonly log: (message: string) => void;
}

/** Runs an experiment and writes its results; those of the small scale go beside its code, to be committed. */
export async function runExperiment(
  experiment: Experiment<object>,
  { scale, seed, out, stepsLimit, signal, log }: RunOptions,
): Promise<{ readonly outcome: Outcome; readonly file: string }> {
  mkdirSync(out, { recursive: true });
  const runtime = await selectRuntime();
  log(`${experiment.name}, ${scale}, on ${runtime.name} (${runtime.device})`);
  const clock = stageClock(join(out, 'stages'));
  const context: Context = {
    ...{ scale, seed, work: out, runtime, signal, stepsLimit, log },
    progress: (label, total) => progressLines(label, total, log),
    stage: (name, work) => clock.time(name, work),
  };
  const config = experiment.configs[scale];
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  let staged: StageTime = { wallSeconds: 0, cpuSeconds: 0 };
  const timed: Context = {
    ...context,
    async stage(name, work) {
      const [from, cpuFrom] = [performance.now(), process.cpuUsage()];
      try {
        return await context.stage(name, work);
      } finally {
        staged = addTime(staged, since(from, cpuFrom));
      }
    },
  };
  const outcome = await experiment.run(config, timed);
  const total = since(wall, cpu);
  const outsideStages = { wallSeconds: total.wallSeconds - staged.wallSeconds, cpuSeconds: total.cpuSeconds - staged.cpuSeconds };
  const folder = scale === 'small' && stepsLimit === undefined ? join(root, 'experiments', experiment.name) : join(out, experiment.name);
  const file = await writeResults(folder, { experiment, config, context, outcome, outsideStages, stages: clock.times() });
  return { outcome, file };
}

function since(wall: number, cpu: NodeJS.CpuUsage): StageTime {
  const { user, system } = process.cpuUsage(cpu);
  return { wallSeconds: (performance.now() - wall) / 1000, cpuSeconds: (user + system) / 1e6 };
}

const addTime = (a: StageTime, b: StageTime): StageTime => ({
  wallSeconds: a.wallSeconds + b.wallSeconds,
  cpuSeconds: a.cpuSeconds + b.cpuSeconds,
});
