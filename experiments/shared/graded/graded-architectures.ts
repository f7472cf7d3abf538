import { compareAccuracies, evaluateSpace } from '@netspace/explore';
import type { SpaceOptions } from '@netspace/model';
import type { TrainedSpace } from '@netspace/node';
import type { TargetsTask, TrainNetSpaceOptions } from '@netspace/train';
import { requiredPRepShape } from '@netspace/prep';
import { architectureByName, thinDataset } from '@netspace/zoo';

import type { Splits } from '../data.js';
import type { Context } from '../experiment.js';
import { gradedZoo, type GradedZooConfig } from './graded-zoo.js';
import { imagesOf, type ImageSource } from '../images.js';
import { trainedSpace } from '../train-space.js';
import type { Member } from '../zoo-stage.js';

/** One space of several architectures' networks, from poor to good, each of which imitates the one that was encoded. */
export interface GradedArchitecturesConfig {
  readonly data: ImageSource;
  readonly zoos: readonly GradedZooConfig[];
  /** Width of a row of the PReps. */
  readonly prepWidth: number;
  readonly space: Pick<SpaceOptions, 'preset'>;
  readonly task: Omit<TargetsTask, 'kind' | 'dataset'>;
  readonly training: Pick<TrainNetSpaceOptions, 'steps' | 'batch' | 'learningRate' | 'readEvery' | 'augment'>;
  /** Steps between two looks at the held-out networks, and on how many validation images. */
  readonly watch: { readonly every: number; readonly images: number };
}

export interface GradedArchitectures extends TrainedSpace {
  readonly splits: Splits;
  readonly known: readonly Member[];
  readonly heldOut: readonly Member[];
}

/** Builds or loads zoos and space. Every embedding decodes to the best network of its architecture at first. */
export async function gradedArchitectures(
  context: Context,
  config: GradedArchitecturesConfig,
  { name }: { readonly name: string },
): Promise<GradedArchitectures> {
  const { data, task, training, watch } = config;
  const splits = await imagesOf(data);
  const known: Member[] = [];
  const heldOut: Member[] = [];
  for (const zoo of config.zoos) {
    const built = await gradedZoo(context, zoo, { splits, batch: training.batch?.nets ?? 1 });
    known.push(...built.known);
    heldOut.push(...built.heldOut);
  }
  const architectures = config.zoos.map(({ architecture }) => architectureByName(architecture));
  const instances = known.map(({ instance }) => instance);
  const bests = architectures.map(({ name }) => instances.findLast(({ architecture }) => architecture.name === name)!);
  const prepShape = requiredPRepShape(architectures, { width: config.prepWidth });
  const watched = thinDataset(splits.validation, watch.images);
  const trained = await trainedSpace(context, {
    name,
    space: {
      ...{ architectures, prepShape, ...config.space, seed: context.seed },
      ...{ start: { from: 'instances', instances: bests }, units: { of: instances } },
    },
    training: {
      ...{ instances, task: { kind: 'classification', dataset: splits.train, ...task }, ...training, seed: context.seed },
      identity: known.map(({ record }) => record.sha256),
    },
    watch: {
      every: watch.every,
      async measure(space) {
        const { summary, instances } = await evaluateSpace(space, heldOut, watched, { signal: context.signal });
        const ranked = architectures.map(({ name }) => {
          const { spearman } = compareAccuracies(instances.filter(({ architecture }) => architecture === name));
          return [`Spearman, ${name}`, spearman] as const;
        });
        return { classIds: summary.classIdAccuracy, ...Object.fromEntries(ranked) };
      },
    },
  });
  return { ...trained, splits, known, heldOut };
}
