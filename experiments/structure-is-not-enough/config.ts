import type { SpaceOptions } from '@netspace/model';
import type { TargetsTask, TrainNetSpaceOptions } from '@netspace/train';

import type { Scale } from '../shared/experiment.js';
import type { GeneratedConfig } from './generated.js';
import type { RefineTogether } from './refine-together.js';
import type { PeersData, PeerZooConfig } from './zoo.js';

/** A space, how it learns and how embeddings of held-out networks are refined. */
export interface PeerSpaceConfig {
  readonly sizes: Pick<SpaceOptions, 'preset' | 'embeddingSize' | 'directions'> & { readonly prepWidth: number };
  readonly imitation: Omit<TargetsTask, 'kind' | 'dataset' | 'teacher'>;
  readonly training: Pick<TrainNetSpaceOptions, 'steps' | 'batch' | 'learningRate' | 'readEvery' | 'augment' | 'embeddings'>;
  /** Of embeddings for held-out networks; it starts at the embedding of the known network that answers training images the most alike. */
  readonly refine: RefineTogether;
}

/** Of the control, which imitates without a space: as many random directions as an embedding has numbers. */
export interface AroundConfig extends RefineTogether {
  readonly scale: number;
}

export interface PeersConfig extends PeersData {
  readonly space: PeerSpaceConfig;
  readonly around: AroundConfig;
  /** Training images by which the most alike known network is found. */
  readonly alikeImages: number;
  /** Networks that are refined at once. */
  readonly atOnce: number;
  /** Steps between two looks at the held-out networks, and on how many validation images. */
  readonly watch: { readonly every: number; readonly images: number };
  readonly generated: GeneratedConfig;
  readonly testImages: number;
}

const zoo: Omit<PeerZooConfig, 'steps' | 'atOnce' | 'heldOut' | 'images'> = {
  inits: ['uniform', 'normal', 'kaiming_uniform', 'kaiming_normal'],
  learningRates: [1e-4, 2.5e-4, 5e-4, 7.5e-4, 1e-3],
  weightDecays: [1e-4, 5e-4, 1e-3],
  seeds: 2,
  batchSize: 8,
  measured: 1000,
};

/** Random directions beside the decoder, and embeddings that are free while it learns. */
const space: PeerSpaceConfig = {
  sizes: { preset: 'small', embeddingSize: 1280, directions: { scale: 0.5 }, prepWidth: 2720 },
  imitation: { relative: 0.5 },
  training: {
    ...{ steps: 700, batch: { nets: 8, inputs: 24 }, readEvery: 20, augment: { permuteChannels: true }, embeddings: 'free' },
    learningRate: { kind: 'cosine', learningRate: 2e-3, final: 1e-4, warmUp: 50 },
  },
  refine: { steps: 600, learningRate: 0.06, batchSize: 48 },
};

const small: PeersConfig = {
  data: 'cifar10',
  task: {},
  zoo: {
    ...zoo,
    inits: ['kaiming_uniform', 'kaiming_normal', 'xavier_uniform', 'xavier_normal'],
    steps: [640, 960, 1280, 1600],
    atOnce: 20,
    heldOut: 18,
    images: 4000,
  },
  space,
  around: { steps: 600, learningRate: 0.03, batchSize: 48, scale: 1 },
  alikeImages: 500,
  atOnce: 18,
  watch: { every: 350, images: 300 },
  generated: { count: 32, floor: 0.85, aligned: 16, noise: [0.1, 0.3] },
  testImages: 2000,
};

const quick = { steps: 1, learningRate: 0.05, batchSize: 4 } as const;

export const CONFIGS: Readonly<Record<Scale, PeersConfig>> = {
  smoke: {
    ...{ data: 'digits', task: { channels: 1, size: 28 } },
    zoo: {
      ...zoo,
      inits: ['kaiming_uniform', 'xavier_normal'],
      learningRates: [1e-3],
      weightDecays: [5e-4],
      steps: [1, 2],
      atOnce: 2,
      heldOut: 2,
      images: 100,
      measured: 20,
    },
    space: {
      ...space,
      sizes: { preset: 'tiny', directions: { scale: 1 }, prepWidth: 2720 },
      training: { ...space.training, steps: 2, batch: { nets: 2, inputs: 4 }, learningRate: 1e-3 },
      refine: quick,
    },
    ...{ around: { ...quick, scale: 1 }, alikeImages: 10, atOnce: 3 },
    watch: { every: 2, images: 8 },
    generated: { count: 2, floor: 0, aligned: 2, noise: [0.1] },
    testImages: 20,
  },
  small,
  // The paper's numbers: 1,200 networks of 50 epochs.
  paper: {
    ...small,
    zoo: { ...zoo, seeds: 20, batchSize: 32, steps: [20, 30, 40, 50].map((epochs) => 1406 * epochs), atOnce: 64, heldOut: 180, images: 45_000, measured: 10_000 }, // prettier-ignore
    space: {
      ...space,
      training: { ...space.training, steps: 100_000, batch: { nets: 32, inputs: 256 }, learningRate: { kind: 'cosine', learningRate: 1e-3, final: 1e-5 } }, // prettier-ignore
    },
    watch: { every: 1000, images: 1000 },
    generated: { ...small.generated, count: 200 },
    testImages: 10_000,
  },
};
