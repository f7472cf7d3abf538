import { join } from 'node:path';

import { NetSpace, type NetSpaceOptions } from '@netspace/model';
import { NetSpaceError } from '@netspace/prep';
import { withLength } from '@netspace/model/internal';
import { abortSignal, asGiven, type GivenBy, objectOf, optional, parseOptions, text, thing } from '@netspace/prep/internal';
import type { MetricsRecord, TrainNetSpaceOptions } from '@netspace/train';

import { fileHandler } from '../files/file-handler.js';
import { readMetrics } from '../metrics/metrics-file.js';
import { readRunRecord } from './run-record.js';
import { plainSettings, settingsHash } from './settings-hash.js';
import { trainInFolder, trainInFolderOptions, trainingOptions } from './train-in-folder.js';

const { signal: _signal, ...trainingEntries } = trainingOptions.entries;

/** See {@link SpaceRun}. */
export const spaceRun = objectOf({
  /** The folder in which its folder is made. */
  within: text,
  /** Name of the folder, followed by a hash of everything that influences the space. */
  name: text,
  /** Sizes and seed of the space. */
  space: thing<NetSpaceOptions>('the options of a NetSpace', ['architectures', 'prepShape']),
  /** `identity` distinguishes this run from others with the same settings, for instance by the hashes of the zoo's files. */
  training: asGiven<Omit<TrainNetSpaceOptions, 'checkpoint' | 'signal' | 'metrics'>>(objectOf(trainingEntries)),
});

/** A space, how it is trained, and where it is kept. */
export interface SpaceRun extends GivenBy<typeof spaceRun> {}

const { runtime, checkpointEvery, watch, onStep } = trainInFolderOptions.entries;

/** See {@link TrainOrLoadSpaceOptions}. */
export const trainOrLoadSpaceOptions = objectOf({
  runtime,
  checkpointEvery,
  watch,
  onStep,
  /** Stops the training after the step in progress; the next call goes on from there. */
  signal: optional(abortSignal),
});

/** Options of {@link trainOrLoadSpace}. */
export interface TrainOrLoadSpaceOptions extends GivenBy<typeof trainOrLoadSpaceOptions> {}

/** Losses and further measurements at one step. */
export interface CurvePoint {
  readonly step: number;
  readonly [quantity: string]: number;
}

export interface TrainedSpace {
  readonly space: NetSpace;
  readonly folder: string;
  /** By step. */
  readonly curve: readonly CurvePoint[];
}

/**
 * The folder of a run: its name, and a hash of all settings that influence the space. The number of steps is not among them, so that a
 * finished training can be continued, unless its learning rate falls over its whole length.
 *
 * @throws NetSpaceError `INVALID_OPTION` for parts of the run that are unknown, missing or wrong
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { spaceRunFolder } from '@netspace/node';
 * import { initialize, siren } from '@netspace/zoo';
 *
 * const architecture = siren({ hidden: 4, layers: 0 });
 * const instances = [{ architecture, parameters: initialize(architecture.parameters, { seed: 1 }) }];
 * const space = { architectures: [architecture], prepShape: [4, 8], preset: 'tiny' } as const;
 * const run = { within: 'out', name: 'example', space, training: { instances, task: { kind: 'weights' }, steps: 4 } } as const;
 * console.log(spaceRunFolder(run).replace(/[0-9a-f]{10}$/, 'HASH')); // out/example-HASH
 * ```
 */
export function spaceRunFolder(run: SpaceRun): string {
  const { within, name, space, training: whole } = parseOptions('spaceRunFolder', spaceRun, run);
  const { identity, ...training } = whole;
  return join(within, `${name}-${settingsHash(settingsOf(space, training, identity))}`);
}

/**
 * Trains a space in a folder of its own, or loads it if it was trained there with the same settings for the same number of steps. An
 * interrupted training goes on, and one that was finished for fewer steps is continued.
 *
 * @returns a space that the caller disposes, and its learning curve
 * @throws NetSpaceError as `trainInFolder`; `INVALID_OPTION` if the folder's run has been trained for more steps, or for options or
 *   parts of the run that are unknown, missing or wrong
 * @example
 * ```ts
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { selectRuntime, trainOrLoadSpace } from '@netspace/node';
 * import { initialize, siren } from '@netspace/zoo';
 *
 * const runtime = await selectRuntime({ prefer: 'cpu' });
 * const architecture = siren({ hidden: 4, layers: 0 });
 * const instances = [1, 2].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) }));
 * const run = {
 *   ...{ within: await mkdtemp(join(tmpdir(), 'spaces-')), name: 'example' },
 *   space: { architectures: [architecture], prepShape: [4, 8], preset: 'tiny' },
 *   training: { instances, task: { kind: 'weights' }, steps: 4, batch: { nets: 2 } },
 * } as const;
 * const trained = await trainOrLoadSpace(run, { runtime });
 * const loaded = await trainOrLoadSpace(run, { runtime }); // the same settings: nothing is trained again
 * console.log(loaded.folder === trained.folder); // true
 * ```
 */
export async function trainOrLoadSpace(run: SpaceRun, options: TrainOrLoadSpaceOptions): Promise<TrainedSpace> {
  const { signal, ...shared } = parseOptions('trainOrLoadSpace', trainOrLoadSpaceOptions, options);
  const { name, space: spaceOptions, training } = parseOptions('trainOrLoadSpace: run', spaceRun, run);
  const folder = spaceRunFolder(run);
  const record = await readRunRecord(folder);
  const done = record?.state === 'done' && (record.result as { readonly steps?: number }).steps === training.steps;
  const { identity, ...rest } = training;
  let space: NetSpace;
  if (done) space = await NetSpace.load(fileHandler(folder), { architectures: spaceOptions.architectures });
  else {
    space = new NetSpace(spaceOptions);
    const config = settingsOf(spaceOptions, rest, identity);
    const { steps } = await trainInFolder(space, folder, {
      command: `train ${name}`,
      config,
      training: { ...training, ...(signal && { signal }) },
      ...shared,
    });
    if (steps > training.steps) {
      space.dispose();
      throw trainedFurther(folder, steps, training.steps);
    }
  }
  return { space, folder, curve: curveOf(await readMetrics(join(folder, 'metrics.jsonl'))) };
}

const trainedFurther = (folder: string, steps: number, asked: number): NetSpaceError =>
  new NetSpaceError(
    'INVALID_OPTION',
    `trainOrLoadSpace: expected ${folder} to be trained for at most ${asked} steps, got ${steps}; ask for ${steps}, or remove the folder`,
  );

function settingsOf(space: SpaceRun['space'], training: Omit<SpaceRun['training'], 'identity'>, identity: unknown): unknown {
  const { learningRate, steps } = training;
  const prolongable = {
    ...training,
    steps: undefined,
    ...(learningRate !== undefined && { learningRate: withLength(learningRate, steps) }),
  };
  return plainSettings({ space, training: prolongable, identity });
}

/** One point for each step. Losses and further measurements are in separate records. */
function curveOf(records: readonly MetricsRecord[]): readonly CurvePoint[] {
  const points = new Map<number, CurvePoint>();
  for (const { step, learningRate: _, ...measured } of records) {
    points.set(step, { step, ...points.get(step), ...(measured as Readonly<Record<string, number>>) });
  }
  return [...points.values()];
}
