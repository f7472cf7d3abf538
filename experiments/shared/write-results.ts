import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Context, Experiment, Outcome, Threshold } from './experiment.js';
import { commit, machine, versions } from './machine.js';
import { rounded } from './rounded.js';
import type { StageTime } from './stage-clock.js';

export interface RunRecord {
  readonly experiment: Experiment<object>;
  readonly config: object;
  readonly context: Context;
  readonly outcome: Outcome;
  /** Of the run that finished, outside of stages. */
  readonly outsideStages: StageTime;
  readonly stages: Readonly<Record<string, StageTime>>;
}

/** Writes `results.json` and the figures into a folder; returns the path of the former. */
export async function writeResults(
  folder: string,
  { experiment, config, context, outcome, outsideStages, stages }: RunRecord,
): Promise<string> {
  const { name, backend, version, device, threads } = context.runtime;
  const all = [outsideStages, ...Object.values(stages)];
  const results = {
    experiment: experiment.name,
    question: experiment.question,
    scale: context.scale,
    ...(context.stepsLimit !== undefined && { stepsLimit: context.stepsLimit }),
    seed: context.seed,
    date: new Date().toISOString(),
    commit: commit(),
    machine: machine(),
    versions: versions(),
    runtime: { name, backend, version, device, threads },
    wallSeconds: all.reduce((sum, { wallSeconds }) => sum + wallSeconds, 0),
    cpuSeconds: all.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    stages,
    thresholds: outcome.thresholds.map((threshold) => ({ ...threshold, reached: isReached(threshold) })),
    config,
    figures: outcome.figures.map((figure) => figure.name),
    captions: Object.fromEntries(outcome.figures.flatMap(({ name: file, caption }) => (caption === undefined ? [] : [[file, caption]]))),
    results: outcome.results,
  };
  await mkdir(folder, { recursive: true });
  for (const figure of outcome.figures) await writeFile(join(folder, figure.name), figure.content);
  const path = join(folder, 'results.json');
  await writeFile(path, `${JSON.stringify(rounded(results), null, 2)}\n`);
  return path;
}

export const isReached = ({ value, atLeast = -Infinity, atMost = Infinity }: Threshold): boolean => value >= atLeast && value <= atMost;
