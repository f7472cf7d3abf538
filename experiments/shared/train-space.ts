import { basename, join } from 'node:path';

import { type Measurements, type SpaceRun, spaceRunFolder, type TrainedSpace, type TrainingWatch, trainOrLoadSpace } from '@netspace/node';

import type { Context } from './experiment.js';

export interface SpaceStage extends Omit<SpaceRun, 'within'> {
  readonly watch?: TrainingWatch;
}

/** Trains a space in the folder `spaces/NAME-HASH` of `context.work`, or loads it if it has been trained with the same settings. */
export function trainedSpace(context: Context, { watch, ...stage }: SpaceStage): Promise<TrainedSpace> {
  const { runtime, signal, stepsLimit = Infinity } = context;
  const steps = Math.min(stage.training.steps, stepsLimit);
  const run = { ...stage, within: join(context.work, 'spaces'), training: { ...stage.training, steps } };
  const progress = context.progress(stage.name, steps);
  return context.stage(`space-${basename(spaceRunFolder(run))}`, () =>
    trainOrLoadSpace(run, {
      ...{ runtime, signal, checkpointEvery: 100, ...(watch && { watch }) },
      onStep({ step, losses, measured }) {
        if (losses !== undefined) progress.update(step, `loss ${losses['loss']!.toPrecision(3)}`);
        if (measured !== undefined) context.log(`${stage.name}: step ${step}, ${listed(measured)}`);
      },
    }),
  );
}

const listed = (numbers: Measurements): string =>
  Object.entries(numbers)
    .map(([key, value]) => `${key} ${value.toPrecision(3)}`)
    .join(', ');
