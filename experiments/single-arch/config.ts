import type { Scale } from '../shared/experiment.js';
import type { GradedSpaceConfig } from '../shared/graded/graded-space.js';
import { RESNET8_SPACE } from '../shared/graded/graded-space-config.js';

export interface SingleArchConfig {
  readonly space: GradedSpaceConfig;
  /** Seeds of the space's initial values and batches: one space each, on the same zoo. */
  readonly seeds: readonly number[];
  /** Walks lead from each of the so many weakest to each of the so many strongest held-out networks. */
  readonly walks: { readonly weak: number; readonly strong: number; readonly gammas: number; readonly images: number };
}

export const CONFIGS: Readonly<Record<Scale, SingleArchConfig>> = {
  smoke: { space: RESNET8_SPACE.smoke, seeds: [0], walks: { weak: 1, strong: 1, gammas: 3, images: 100 } },
  small: { space: RESNET8_SPACE.small, seeds: [0, 1, 2], walks: { weak: 2, strong: 2, gammas: 21, images: 1000 } },
  paper: { space: RESNET8_SPACE.paper, seeds: [0, 1, 2], walks: { weak: 3, strong: 3, gammas: 21, images: 4000 } },
};
