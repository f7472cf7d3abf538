import type { SpaceOptions, StartOptions } from '@netspace/model';
import type { TrainNetSpaceOptions } from '@netspace/train';
import { parameterCount, requiredPRepShape, type Instance, type PRepShape } from '@netspace/prep';
import { architectureByName, type ImageDataset } from '@netspace/zoo';

import type { ArchitectureZoo } from './architecture-zoo.js';
import type { Context } from './experiment.js';
import { trainedSpace, type SpaceStage, type TrainedSpace } from './train-space.js';
import { startOf, type StartConfig } from './start-of.js';
import { testAccuracyOf, type Member } from './zoo-stage.js';

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
    ? { start: { from: 'instances', instances: strongestOfEach(zoo.known) }, units: { of: instances } }
    : startOf({ start: config.start, units: 'none' }, strongestOfLargest(zoo.known), instances);
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
    },
    identity: [...zoo.known, zoo.teacher].map(({ record }) => record.sha256),
    ...(watch && { watch }),
  });
}

/** Where the scale layer's bias starts: of the largest architecture, whose weights fill the PRep. */
function strongestOfLargest(members: readonly Member[]): Instance {
  const size = ({ architecture }: Instance): number => parameterCount(architecture.parameters);
  return strongestOfEach(members).reduce((a, b) => (size(b) > size(a) ? b : a));
}

function strongestOfEach(members: readonly Member[]): readonly Instance[] {
  const strongest = new Map<string, Member>();
  for (const member of members) {
    const { name } = member.instance.architecture;
    const best = strongest.get(name);
    if (best === undefined || testAccuracyOf(member) > testAccuracyOf(best)) strongest.set(name, member);
  }
  return [...strongest.values()].map(({ instance }) => instance);
}
