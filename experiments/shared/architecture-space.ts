import type { SpaceOptions, StartOptions } from '@netspace/model';
import type { TrainedSpace } from '@netspace/node';
import type { TrainNetSpaceOptions } from '@netspace/train';
import { requiredPRepShape, type PRepShape } from '@netspace/prep';
import { architectureByName, bestOfEach, bestOfLargest, type ImageDataset } from '@netspace/zoo';

import type { ArchitectureZoo } from './architecture-zoo.js';
import type { Context } from './experiment.js';
import { startOf, type StartConfig } from './start-of.js';
import { trainedSpace, type SpaceStage } from './train-space.js';

/** How a space of several architectures learns from a teacher. */
export interface ArchitectureSpaceConfig {
  /** In any order: the space sorts them by size. */
  readonly architectures: readonly string[];
  /** Sizes of encoder and decoder; a PRep just large enough, of eight rows, unless given. */
  readonly sizes: Pick<SpaceOptions, 'preset' | 'decoderChannels'> & { readonly prepShape?: PRepShape };
  /** What every embedding decodes to at first: as the paper's does, or the best network of the largest architecture. */
  readonly start: StartConfig['start'];
  readonly steps: number;
  readonly batch: NonNullable<TrainNetSpaceOptions['batch']>;
  readonly learningRate: NonNullable<TrainNetSpaceOptions['learningRate']>;
  readonly augment?: TrainNetSpaceOptions['augment'];
}

/** What differs from the paper's own form. */
export interface Variant {
  /** Leaves out (7) to (11). */
  readonly interpolation?: boolean;
  /** Learns from the labels alone. */
  readonly distillation?: boolean;
  /** Each architecture in its own units, and every embedding decodes to the best network of its architecture at first. */
  readonly fromTheBest?: boolean;
}

/** Trains a space with the multi-architecture loss, (3) to (11), or loads it. */
export function architectureSpace(
  context: Context,
  {
    name,
    config,
    zoo,
    images,
    steps = config.steps,
    variant = {},
    watch,
  }: {
    readonly name: string;
    readonly config: ArchitectureSpaceConfig;
    readonly zoo: ArchitectureZoo;
    readonly images: ImageDataset;
    readonly steps?: number;
    readonly variant?: Variant;
    readonly watch?: SpaceStage['watch'];
  },
): Promise<TrainedSpace> {
  const { sizes, batch, learningRate, augment } = config;
  const architectures = config.architectures.map((architecture) => architectureByName(architecture));
  const [rows] = requiredPRepShape(architectures, { width: 8, heightMultiple: 8 });
  const { interpolation = true, distillation = true, fromTheBest = false } = variant;
  const instances = zoo.known.map(({ instance }) => instance);
  const start: StartOptions = fromTheBest
    ? { start: { from: 'instances', instances: bestOfEach(zoo.known).map(({ instance }) => instance) }, units: { of: instances } }
    : startOf({ start: config.start, units: 'none' }, bestOfLargest(zoo.known).instance, instances);
  return trainedSpace(context, {
    name,
    space: {
      architectures,
      prepShape: [8, rows],
      ...sizes,
      seed: context.seed,
      ...start,
    },
    training: {
      instances,
      task: { kind: 'classification', dataset: images, teacher: distillation ? zoo.teacher.instance : 'labels', interpolation },
      ...{ steps, batch, learningRate, seed: context.seed, readEvery: 20 },
      ...(augment && { augment }),
      identity: [...zoo.known, zoo.teacher].map(({ record }) => record.sha256),
    },
    ...(watch && { watch }),
  });
}
