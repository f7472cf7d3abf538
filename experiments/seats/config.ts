import type { RefinementOptions } from '@netspace/explore';
import type { SdfTask, ShapeRecipe, TrainNetSpaceOptions } from '@netspace/train';

import type { SdfConfig } from '../sdf/config.js';

/** Keys of a recipe that a config has to have. */
type Given<Key extends keyof ShapeRecipe> = { readonly [K in Key]-?: NonNullable<ShapeRecipe[K]> };

export interface SeatsConfig extends Pick<SdfConfig, 'space' | 'start' | 'units' | 'points' | 'bounds' | 'resolution'> {
  readonly training: SdfConfig['training'] & Pick<TrainNetSpaceOptions, 'embeddings'>;
  readonly clamp: NonNullable<SdfTask['clamp']>;
  /** Seats made by rule that the space learns; their seeds are 0, 1, 2 and so on. */
  readonly known: number;
  /** Seats that follow, which it never sees. */
  readonly heldOut: number;
  /** How many of the known seats are fitted a second time, from the same start, to other points in another order. */
  readonly refits: number;
  /** Whether the chairs of the data folder are measured, where they are there. */
  readonly real: boolean;
  /** How each seat becomes a SIREN; the seed is the experiment's, that of refits the next. */
  readonly zoo: Omit<ShapeRecipe, 'kind' | 'meshes' | 'seats' | 'start' | 'seed'> & Given<'architecture'>;
  /** The SIREN that all fits start from: it is fitted to so many known seats at once, to so many points of each. */
  readonly commonStart: { readonly seats: number; readonly samples: number } & Given<'steps' | 'batchSize' | 'learningRate'>;
  /** How an encoding is refined. */
  readonly refine: Required<Pick<RefinementOptions, 'steps' | 'batchSize'>>;
  /** Walks between known seats, and as many between held-out ones. */
  readonly walks: { readonly pairs: number; readonly stops: number };
}

export const configs: Readonly<Record<'smoke' | 'small' | 'paper', SeatsConfig>> = {
  smoke: {
    ...{ known: 14, heldOut: 4, refits: 1, real: false },
    zoo: {
      ...{ architecture: 'siren-3-16x1-1', samples: 300, nearSurface: 0.8, bounds: 0.6 },
      ...{ steps: 40, batchSize: 128, learningRate: 1e-3, atOnce: 8 },
    },
    commonStart: { seats: 6, samples: 200, steps: 100, batchSize: 256, learningRate: 3e-3 },
    space: { prepShape: [16, 24], preset: 'tiny', dense: { units: 16 }, directions: {} },
    start: 'instance',
    units: 'zoo',
    points: 'own',
    clamp: 0.1,
    training: { steps: 2, batch: { nets: 2, inputs: 32 }, embeddings: 'free', learningRate: 1e-3, readEvery: 1 },
    ...{ bounds: 0.6, resolution: 12 },
    refine: { steps: 2, batchSize: 64 },
    walks: { pairs: 1, stops: 3 },
  },
  small: {
    ...{ known: 512, heldOut: 48, refits: 24, real: true },
    zoo: {
      ...{ architecture: 'siren-3-64x1-1', samples: 30_000, nearSurface: 0.8, bounds: 0.6, steps: 1000, batchSize: 512 },
      ...{ learningRate: { kind: 'exponential', learningRate: 1e-3, factor: 0.75, every: 100 }, atOnce: 16 },
    },
    commonStart: { seats: 128, samples: 1000, steps: 1500, batchSize: 1024, learningRate: 2e-3 },
    space: { prepShape: [8, 576], preset: 'small', embeddingSize: 512, dense: {}, directions: {} },
    start: 'instance',
    units: 'zoo',
    points: 'own',
    clamp: 0.1,
    training: {
      ...{ steps: 5000, batch: { nets: 24, inputs: 512 }, embeddings: 'free', readEvery: 20 },
      learningRate: { kind: 'cosine', learningRate: 3e-3, final: 3e-5 },
    },
    ...{ bounds: 0.6, resolution: 40 },
    refine: { steps: 300, batchSize: 2048 },
    walks: { pairs: 6, stops: 7 },
  },
  paper: {
    ...{ known: 4096, heldOut: 128, refits: 128, real: true },
    zoo: { architecture: 'siren-3-256x1-1', samples: 200_000, nearSurface: 0.8, bounds: 0.6, atOnce: 64 },
    commonStart: { seats: 512, samples: 4000, steps: 10_000, batchSize: 4096, learningRate: 1e-3 },
    space: { prepShape: [8, 8448], preset: 'paper' },
    start: 'instance',
    units: 'zoo',
    points: 'own',
    clamp: 0.1,
    training: { steps: 100_000, batch: { nets: 16, inputs: 10_000 }, embeddings: 'free', learningRate: 1e-3, readEvery: 100 },
    ...{ bounds: 0.6, resolution: 96 },
    refine: { steps: 300, batchSize: 4096 },
    walks: { pairs: 24, stops: 9 },
  },
};
