import type { CosineRate } from '@netspace/model';

/** How a space is learned, as plain data: ours and PyTorch read the same. */
export interface QualityRecipe {
  readonly name: 'recommended' | 'paper';
  readonly preset: 'small' | 'paper';
  /** Width of a row of the PReps. */
  readonly prepWidth: number;
  /** What every embedding decodes to at first: the best network of the zoo, or a random one. */
  readonly start: 'instance' | 'random';
  /** Whether weights are measured in units of the zoo's own spread. */
  readonly units: boolean;
  readonly task: { readonly relative: number; readonly accuracyGap: number };
  readonly batch: { readonly nets: number; readonly inputs: number };
  readonly permuteChannels: boolean;
  readonly learningRate: number | CosineRate;
  readonly steps: number;
  /** Steps between two looks at the held-out networks, after a few early ones. */
  readonly every: number;
}

/** That of `pretrained/digits` for one architecture, in half of its steps. */
const recommended: QualityRecipe = {
  name: 'recommended',
  ...{ preset: 'small', prepWidth: 400, start: 'instance', units: true, permuteChannels: true },
  task: { relative: 0.5, accuracyGap: 10 },
  batch: { nets: 12, inputs: 24 },
  learningRate: { kind: 'cosine', learningRate: 2e-3, warmUp: 100 },
  steps: 1500,
  every: 100,
};

/** The paper's sizes, loss, learning rate and start, and the networks of a step of `--set steps`. Its run ends when its time is over. */
const paper: QualityRecipe = {
  name: 'paper',
  ...{ preset: 'paper', prepWidth: 800, start: 'random', units: false, permuteChannels: false },
  task: { relative: 0, accuracyGap: 0 },
  batch: { nets: 2, inputs: 128 },
  learningRate: 1e-4,
  steps: 1_000_000,
  every: 100,
};

export const RECIPES = { recommended, paper } as const;

/** After this many looks at the early steps come those of every `every` steps. */
const EARLY = [0.1, 0.25, 0.5];

/** The step of a look, counted from 0. */
export function stepOfLook({ every, steps }: QualityRecipe, look: number): number {
  const early = EARLY[look];
  return Math.min(steps, early === undefined ? every * (look - EARLY.length + 1) : Math.round(early * every));
}
