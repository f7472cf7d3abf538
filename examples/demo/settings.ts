import { lenetLike, siren, vanillaCnn } from '@netspace/zoo';

/** Everything the demo fixes, chosen so that it ends within four minutes on two cores with the wasm runtime. */
export const SEED = 2026;

const DIGITS = { channels: 1, size: 28, classes: 10 } as const;

/** By size: the ClassIds are 0 and 1. */
export const ARCHITECTURES = {
  smallest: lenetLike({ ...DIGITS, width: 0.3 }),
  largest: vanillaCnn({ ...DIGITS, width: 0.25 }),
} as const;

export const IMAGES = { train: 8000, test: 1000 } as const;

export const ZOO = {
  /** Optimizer steps of the shortest and the longest training; the others lie evenly between on a logarithmic scale. */
  steps: [50, 600],
  /** Networks of each architecture. */
  count: 36,
  batchSize: 32,
  /** Of Adam, annealed to zero along a cosine over each network's own length: what is weak is weak for lack of training. */
  learningRate: 2e-3,
  /** Networks that are right less often say nearly the same of every image: nobody can tell them apart, and they would spoil the others. */
  floor: 0.2,
  /** Every fifth length is kept from the space, to test it on. */
  isHeldOut: (index: number): boolean => index % 5 === 2,
} as const;

export const SPACE = {
  preset: 'small',
  decoderChannels: 16,
  /** Fixed random directions beside the decoder: they reach networks that the decoder alone does not (docs/experiments/notes.md). */
  directions: {},
  /** Width of a row of the PReps: many short rows, as the encoder keeps the maxima of a row. */
  prepWidth: 400,
  batch: { nets: 8, inputs: 32, sampling: 'balanced' },
  /** The rate that embeddings of their own were tried with; an encoder that the decoder depends on had 4e-3. */
  learningRate: { kind: 'cosine', learningRate: 1e-2, final: 1e-4, warmUp: 50 },
  /** At its full weight the class loss drowns what tells networks of one architecture apart. */
  task: { relative: 0.5, accuracyGap: 10, weights: { classId: 0.02 }, route: 'target', interpolation: false },
  steps: 600,
} as const;

/** How held-out networks are found in the space, from the known network that answers most like them on this number of digits. */
export const REFINEMENT = { steps: 100, learningRate: 0.05, batchSize: 64, comparedOn: 500 } as const;

export const WALK_STEPS = 11;

export const LATENT_SEARCH = { steps: 150, learningRate: 3e-2, images: 128 } as const;

export const SHAPES = {
  architecture: siren({ hidden: 48, layers: 1 }),
  count: 5,
  /** All begin at the same weights: what tells them apart is then the shape. */
  fit: { steps: 800, batchSize: 1024, learningRate: { kind: 'cosine', learningRate: 2e-3 }, samples: 20_000 },
  space: {
    preset: 'small',
    decoderChannels: 32,
    batch: { nets: 5, inputs: 192 },
    points: 'both',
    steps: 3500,
    learningRate: { kind: 'cosine', learningRate: 3e-3, warmUp: 50 },
  },
  gammas: [0, 0.25, 0.5, 0.75, 1],
  resolution: 40,
} as const;
