import { lenetLike, siren, vanillaCnn } from '@netspace/zoo';

/** Everything the demo fixes, chosen so that it ends within six minutes on two cores with the wasm runtime. */
export const SEED = 2026;

const DIGITS = { channels: 1, size: 28, classes: 10 } as const;

/** The zoo holds the first and the last; the one between is reached only through the interpolation loss. */
export const ARCHITECTURES = {
  smallest: lenetLike({ ...DIGITS, width: 0.25 }),
  between: vanillaCnn({ ...DIGITS, width: 0.25 }),
  largest: vanillaCnn({ ...DIGITS, width: 0.3 }),
} as const;

export const IMAGES = { train: 8000, test: 1000 } as const;

export const ZOO = {
  /** Optimizer steps of 48 digits: accuracies from chance to about 0.9. */
  lengths: [8, 12, 16, 20, 24, 28, 32, 36, 40, 46, 52, 60, 68, 78, 90, 104, 120, 140, 170, 200],
  batchSize: 48,
  learningRate: { smallest: 3e-3, largest: 2e-3 },
  /** Every fifth length is kept from the space, to test it on. */
  isHeldOut: (index: number): boolean => index % 5 === 2,
} as const;

export const SPACE = {
  preset: 'small',
  decoderChannels: 32,
  learningRate: { kind: 'exponential', learningRate: 1.5e-3, factor: 0.8, every: 150 },
  batch: { nets: 4, inputs: 48, sampling: 'balanced' },
  steps: 1500,
  /** Seconds into the run at which learning ends, wherever it is: the rest needs half a minute. */
  until: 250,
} as const;

export const WALK_STEPS = 11;

export const LATENT_SEARCH = { steps: 150, learningRate: 3e-2, images: 128 } as const;

export const SHAPES = {
  architecture: siren({ hidden: 48, layers: 1 }),
  count: 5,
  fit: { steps: 700, batchSize: 1024, learningRate: 5e-4, samples: 20_000 },
  space: { preset: 'small', decoderChannels: 32, learningRate: 5e-4, batch: { nets: 3, inputs: 512 }, steps: 2500, until: 225 },
  gammas: [0, 0.25, 0.5, 0.75, 1],
  resolution: 40,
} as const;
