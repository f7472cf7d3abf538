import type { Spread } from '@netspace/explore';

import type { Improvement } from './search.js';

export interface HeldOut {
  readonly networks: number;
  /** Of predicted with target accuracy. */
  readonly spearman: number;
  /** Mean of |predicted − target| accuracy. */
  readonly difference: number;
  readonly target: Spread;
  readonly predicted: Spread;
}

/** Improvements of one architecture's networks in one space: means over the starts. */
export interface LsoRow {
  readonly case: string;
  readonly architecture: string;
  readonly before: number;
  readonly latent: number;
  readonly weights: number;
  readonly teacher: number;
  /** What the space keeps of held-out networks of the architecture, where it is asked to: spaces of poor and good networks. */
  readonly heldOut?: HeldOut;
  readonly starts: readonly ({ readonly start: string } & Improvement)[];
}
