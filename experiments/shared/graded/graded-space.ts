import type { SpaceOptions } from '@netspace/model';
import type { TrainedSpace } from '@netspace/node';
import type { TargetsTask, TrainNetSpaceOptions, TrainTask } from '@netspace/train';
import { requiredPRepShape } from '@netspace/prep';
import { compareAccuracies, evaluateSpace } from '@netspace/explore';
import { thinDataset } from '@netspace/zoo';

import type { Splits } from '../data.js';
import type { Context, Part } from '../experiment.js';
import { gradedZoo, type GradedZoo, type GradedZooConfig } from './graded-zoo.js';
import { imagesOf, type ImageSource } from '../images.js';
import { startOf, type StartConfig } from '../start-of.js';
import { trainedSpace } from '../train-space.js';

/** A space of one architecture's networks, from poor to good, and how it is learned. */
export interface GradedSpaceConfig extends StartConfig {
  readonly data: ImageSource;
  readonly zoo: GradedZooConfig;
  /** Width of a row of the PReps. */
  readonly prepWidth: number;
  readonly space: Omit<SpaceOptions, 'architectures' | 'prepShape' | 'seed'>;
  readonly training: Pick<TrainNetSpaceOptions, 'steps' | 'learningRate' | 'augment'> & {
    readonly batch: { readonly nets: number; readonly inputs: number };
  };
  /** Training images that networks are compared on. */
  readonly images: number;
  /** What predicted networks are compared by; equation (1) unless it says otherwise. */
  readonly task: Omit<TargetsTask, 'kind' | 'dataset' | 'teacher'>;
  /** Steps between two looks at the held-out networks, and on how many validation images. */
  readonly watch: { readonly every: number; readonly images: number };
}

export interface GradedSpace extends TrainedSpace {
  readonly splits: Splits;
  readonly zoo: GradedZoo;
}

export interface GradedSpaceOptions {
  /** Of the files. */
  readonly name: string;
  /** Replaces the config's task. */
  readonly task?: TrainTask;
  /** Of the space's initial values and its batches; the zoo is the context's. */
  readonly seed: number;
}

/** Builds or loads zoo and space. */
export async function gradedSpace(
  context: Context,
  config: GradedSpaceConfig,
  { name, task, seed }: GradedSpaceOptions,
): Promise<GradedSpace> {
  const splits = await imagesOf(config.data);
  const zoo = await gradedZoo(context, config.zoo, { splits, batch: config.training.batch.nets });
  const instances = zoo.known.map(({ instance }) => instance);
  const best = instances.at(-1)!;
  const watched = thinDataset(splits.validation, config.watch.images); // of all classes, however they are sorted
  const trained = await trainedSpace(context, {
    name,
    space: {
      ...config.space,
      architectures: [best.architecture],
      prepShape: requiredPRepShape(best.architecture, { width: config.prepWidth }),
      ...startOf(config, best, instances),
      seed,
    },
    training: {
      ...config.training,
      ...(task?.kind === 'weights' && { batch: { nets: config.training.batch.nets } }), // weights are compared without images
      instances,
      task: task ?? { ...config.task, kind: 'classification', dataset: thinDataset(splits.train, config.images) },
      seed,
      identity: { zoo: zoo.known.map(({ record }) => record.sha256) },
    },
    watch: {
      every: config.watch.every,
      async measure(space) {
        const { instances } = await evaluateSpace(space, zoo.heldOut, watched, { signal: context.signal });
        const { spearman, difference } = compareAccuracies(instances);
        return { heldOutSpearman: spearman, heldOutDifference: difference };
      },
    },
  });
  return { ...trained, splits, zoo };
}

/** A space's zoo as a part, for spaces that share it to find. */
export const gradedZooPart = (name: string, { data, zoo, training }: GradedSpaceConfig): Part => ({
  name,
  make: async (context) => gradedZoo(context, zoo, { splits: await imagesOf(data), batch: training.batch.nets }),
});
