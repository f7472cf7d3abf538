import type { SpaceOptions } from '@netspace/model';
import type { TargetsTask, TrainNetSpaceOptions } from '@netspace/train';

import type { Scale } from '../shared/experiment.js';
import type { GeneratedConfig } from './generated.js';
import type { PeersData, PeerZooConfig } from './zoo.js';

export interface PeersConfig extends PeersData {
  readonly space: Pick<SpaceOptions, 'preset' | 'embeddingSize'> & { readonly prepWidth: number };
  readonly imitation: Omit<TargetsTask, 'kind' | 'dataset' | 'teacher'>;
  readonly training: Pick<TrainNetSpaceOptions, 'steps' | 'batch' | 'learningRate' | 'readEvery' | 'augment'>;
  /** Steps between two looks at the held-out networks, and on how many validation images. */
  readonly watch: { readonly every: number; readonly images: number };
  /** Of the encodings of held-out networks. */
  readonly refine: { readonly steps: number; readonly batchSize: number };
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
  space: { preset: 'small', embeddingSize: 1024, prepWidth: 2720 },
  imitation: { relative: 0.5 },
  training: {
    ...{ steps: 3000, batch: { nets: 8, inputs: 24 }, readEvery: 20, augment: { permuteChannels: true } },
    learningRate: { kind: 'cosine', learningRate: 2e-3, warmUp: 100 },
  },
  watch: { every: 500, images: 300 },
  refine: { steps: 150, batchSize: 64 },
  generated: { count: 32, floor: 0.85, aligned: 16, noise: [0.1, 0.3] },
  testImages: 2000,
};

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
    space: { preset: 'tiny', prepWidth: 2720 },
    imitation: { relative: 0.5 },
    training: { steps: 2, batch: { nets: 2, inputs: 4 }, learningRate: 1e-3, augment: { permuteChannels: true } },
    watch: { every: 2, images: 8 },
    refine: { steps: 1, batchSize: 4 },
    generated: { count: 2, floor: 0, aligned: 2, noise: [0.1] },
    testImages: 20,
  },
  small,
  // The paper's numbers: 1,200 networks of 50 epochs.
  paper: {
    ...small,
    zoo: { ...zoo, seeds: 20, batchSize: 32, steps: [20, 30, 40, 50].map((epochs) => 1406 * epochs), atOnce: 64, heldOut: 180, images: 45_000, measured: 10_000 }, // prettier-ignore
    training: { ...small.training, steps: 100_000, batch: { nets: 32, inputs: 256 }, learningRate: 1e-4 },
    watch: { every: 1000, images: 1000 },
    generated: { ...small.generated, count: 200 },
    testImages: 10_000,
  },
};
