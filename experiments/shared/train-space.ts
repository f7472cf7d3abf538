import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { NetSpace, type NetSpaceOptions } from '@netspace/model';
import { withLength } from '@netspace/model/internal';
import { checkpointFile, fileHandler } from '@netspace/node';
import { trainNetSpace, type TrainNetSpaceOptions } from '@netspace/train';

import type { Context } from './experiment.js';
import { readJson } from './read-json.js';
import { hashOf, plain } from './settings-hash.js';

export interface SpaceStage {
  /** Of the folder, with a hash of everything below behind it. */
  readonly name: string;
  /** Sizes and seed of the space. */
  readonly space: NetSpaceOptions;
  readonly training: Omit<TrainNetSpaceOptions, 'checkpoint' | 'signal' | 'metrics'>;
  /** What tells this run from others beside the settings, such as the hashes of the zoo's files; as JSON. */
  readonly identity: unknown;
  /** Measures the space while it learns; what it returns becomes part of the curve. */
  readonly watch?: {
    /** Steps between two looks. */
    readonly every: number;
    readonly measure: (space: NetSpace, step: number) => Promise<Readonly<Record<string, number>>>;
  };
}

export interface TrainedSpace {
  readonly space: NetSpace;
  readonly folder: string;
  /** Losses, and what `watch` measured, by step. */
  readonly curve: readonly CurvePoint[];
}

export interface CurvePoint {
  readonly step: number;
  readonly [quantity: string]: number;
}

const CHECKPOINT_EVERY = 100;

/**
 * Trains a space, or loads it if it has been trained with the same settings: the folder `spaces/NAME-HASH` of `context.work` holds a
 * checkpoint while it learns, and the space when it is done.
 */
export async function trainedSpace(context: Context, stage: SpaceStage): Promise<TrainedSpace> {
  const { name, training, identity, watch } = stage;
  const steps = Math.min(training.steps, context.stepsLimit ?? Infinity);
  const { learningRate } = training;
  // Without the steps: a finished training can be prolonged, unless its rate falls over its whole length.
  const prolongable = {
    ...training,
    steps: undefined,
    ...(learningRate !== undefined && { learningRate: withLength(learningRate, steps) }),
  };
  const settings = plain({ space: stage.space, training: prolongable, identity });
  const id = `${name}-${hashOf(settings)}`;
  const folder = join(context.work, 'spaces', id);
  return context.stage(`space-${id}`, async () => {
    const done = await readJson<{ readonly steps: number; readonly curve: readonly CurvePoint[] }>(join(folder, 'done.json'));
    if (done?.steps === steps) {
      const space = await NetSpace.load(fileHandler(join(folder, 'space')), { architectures: stage.space.architectures });
      return { space, folder, curve: done.curve };
    }
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'settings.json'), JSON.stringify(settings, null, 1));
    const space = new NetSpace(stage.space);
    const curveFile = join(folder, 'curve.json');
    const earlier = (await readJson<CurvePoint[]>(curveFile)) ?? [];
    let curve: CurvePoint[] | undefined;
    const progress = context.progress(name, steps);
    const checkpoint = { storage: checkpointFile(join(folder, 'checkpoint.safetensors')), every: CHECKPOINT_EVERY, resume: true };
    for await (const { step, losses } of trainNetSpace(space, { ...training, steps, identity, checkpoint, signal: context.signal })) {
      curve ??= earlier.filter((point) => point.step < step);
      const seen = watch !== undefined && (step % watch.every === 0 || step === steps) ? await watch.measure(space, step) : undefined;
      if (losses !== undefined || seen !== undefined) curve.push({ step, ...losses, ...seen });
      if (losses !== undefined) progress.update(step, `loss ${losses['loss']!.toPrecision(3)}`);
      if (seen !== undefined) context.log(`${name}: step ${step}, ${listed(seen)}`);
      if (step % CHECKPOINT_EVERY === 0 || seen !== undefined) await writeFile(curveFile, JSON.stringify(curve));
    }
    progress.stop();
    await space.save(fileHandler(join(folder, 'space')));
    await writeFile(join(folder, 'done.json'), JSON.stringify({ steps, curve: curve ?? earlier }));
    return { space, folder, curve: curve ?? earlier };
  });
}

const listed = (numbers: Readonly<Record<string, number>>): string =>
  Object.entries(numbers)
    .map(([key, value]) => `${key} ${value.toPrecision(3)}`)
    .join(', ');
