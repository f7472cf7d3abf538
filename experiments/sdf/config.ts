import type { SpaceOptions } from '@netspace/model';
import type { SdfTask, ShapeRecipe, TrainNetSpaceOptions } from '@netspace/train';

import type { StartConfig } from '../shared/start-of.js';

/** A pair of shapes to walk between. */
export type Pair = readonly [from: string, to: string];

export interface SdfConfig extends StartConfig {
  /** `chairs` of the data folder, or `furniture` made of boxes and spheres here. */
  readonly meshes: 'chairs' | 'furniture';
  /** Shapes that the space never sees. */
  readonly heldOut: readonly string[];
  /** How each shape becomes a SIREN; the seed is the experiment's. */
  readonly zoo: Omit<ShapeRecipe, 'kind' | 'meshes' | 'seed'>;
  readonly space: Omit<SpaceOptions, 'architectures' | 'seed'>;
  /**
   * Points that shapes of the zoo are fitted to a second time, and how many shapes: networks that the space never saw, of shapes that it
   * knows.
   */
  readonly refits: { readonly samples: number; readonly shapes: number };
  /** Whether networks of a step share its points, have their own, or both. */
  readonly points: NonNullable<SdfTask['points']>;
  readonly training: Required<Pick<TrainNetSpaceOptions, 'steps' | 'batch' | 'learningRate' | 'readEvery'>>;
  /** Half the side of the cube in which everything is compared. */
  readonly bounds: number;
  /** Cells of a side of the grid that IoU and meshes are measured on. */
  readonly resolution: number;
  readonly pairs: readonly Pair[];
  /** Stops of a walk, both ends included. */
  readonly stops: number;
}

/** What is learned, kept from the space and walked between, on the real chairs. */
const CHAIRS = {
  meshes: 'chairs',
  // One of each maker, plain and odd ones; kenney_chairCushion and quaternius2017_ChairCushioned have near relatives in the zoo.
  heldOut: [
    'kenney_chairCushion',
    'kenney_stoolBarSquare',
    'quaternius2017_ChairCushioned',
    'quaterniusDungeon_Chair',
    'sweethome3d_armchair2',
  ],
  pairs: [
    ['kenney_chair', 'kenney_loungeChair'],
    ['quaternius2016a_Armchair', 'quaternius2017_Stool'],
    ['quaternius2017_Chair', 'quaternius2019_Sofa_individual'],
  ],
  stops: 9,
} as const;

export const configs: Readonly<Record<'smoke' | 'small' | 'paper', SdfConfig>> = {
  smoke: {
    meshes: 'furniture',
    heldOut: ['bench'],
    zoo: { architecture: 'siren-3-16x1-1', samples: 600, nearSurface: 0.7, bounds: 0.6, steps: 60, batchSize: 256, learningRate: 3e-3 },
    refits: { samples: 500, shapes: 1 },
    space: { prepShape: [8, 48], preset: 'tiny' },
    start: 'instance',
    units: 'zoo',
    points: 'own',
    training: { steps: 8, batch: { nets: 2, inputs: 64 }, learningRate: 1e-3, readEvery: 4 },
    bounds: 0.6,
    resolution: 12,
    pairs: [['chair', 'stool']],
    stops: 3,
  },
  small: {
    ...CHAIRS,
    zoo: {
      architecture: 'siren-3-128x1-1',
      samples: 60_000,
      nearSurface: 0.7,
      bounds: 0.6,
      steps: 2000,
      batchSize: 512,
      learningRate: { kind: 'exponential', learningRate: 2e-3, factor: 0.75, every: 200 },
    },
    refits: { samples: 50_000, shapes: 8 },
    space: { prepShape: [8, 2168], preset: 'small' },
    start: 'instance',
    units: 'zoo',
    points: 'both',
    training: {
      steps: 16_000,
      batch: { nets: 12, inputs: 192 },
      learningRate: { kind: 'exponential', learningRate: 3e-3, factor: 0.7, every: 2000 },
      readEvery: 20,
    },
    bounds: 0.6,
    resolution: 40,
  },
  // The paper's sizes and lengths; the chairs stand in for ShapeNet's, which may not be passed on.
  paper: {
    ...CHAIRS,
    zoo: { architecture: 'siren-3-256x1-1', samples: 200_000, nearSurface: 0.7, bounds: 0.6 },
    refits: { samples: 190_000, shapes: 24 },
    space: { prepShape: [8, 10_000], preset: 'paper' },
    start: 'random',
    units: 'none',
    points: 'shared',
    training: { steps: 100_000, batch: { nets: 16, inputs: 10_000 }, learningRate: 1e-4, readEvery: 100 },
    bounds: 0.6,
    resolution: 96,
  },
};
