import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { commitOf, machineFacts, secondsCovered, type StageTime } from '@netspace/node';
import * as tf from '@tensorflow/tfjs-core';

import type { Context, Experiment, Outcome, Threshold } from '../experiment.js';
import { root } from '../root.js';
import { rounded } from './rounded.js';

export interface RunRecord {
  readonly experiment: Experiment<object>;
  readonly config: object;
  readonly context: Context;
  /** How many were at work at once. */
  readonly processes: number;
  readonly outcome: Outcome;
  /** Of the run that finished; the processor's outside of stages. */
  readonly own: StageTime;
  readonly stages: Readonly<Record<string, StageTime>>;
}

/** Writes `results.json` and the figures into a folder; returns the path of the former. */
export async function writeResults(
  folder: string,
  { experiment, config, context, processes, outcome, own, stages }: RunRecord,
): Promise<string> {
  const { name, backend, version, device, threads } = context.runtime;
  const all = [own, ...Object.values(stages)];
  const results = {
    experiment: experiment.name,
    question: experiment.question,
    scale: context.scale,
    ...(context.stepsLimit !== undefined && { stepsLimit: context.stepsLimit }),
    seed: context.seed,
    date: new Date().toISOString(),
    commit: commitOf(root, ['packages', 'experiments/**/*.ts']),
    machine: machineFacts(),
    versions: { node: process.versions.node, tfjs: tf.version_core },
    runtime: { name, backend, version, device, threads },
    processes,
    wallSeconds: secondsCovered(all.flatMap(({ spans }) => spans)),
    cpuSeconds: all.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    stages: Object.fromEntries(
      Object.entries(stages).map(([name, { spans, cpuSeconds }]) => [name, { wallSeconds: secondsCovered(spans), cpuSeconds }]),
    ),
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
