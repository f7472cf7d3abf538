import type { Improvement } from './search.js';

/** Improvements of one architecture's networks in one space: means over the starts. */
export interface LsoRow {
  readonly case: string;
  readonly architecture: string;
  readonly before: number;
  readonly latent: number;
  readonly weights: number;
  readonly teacher: number;
  readonly starts: readonly ({ readonly start: string } & Improvement)[];
}
