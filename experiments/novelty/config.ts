import type { Scale } from '../shared/experiment.js';
import type { GradedSpaceConfig } from '../shared/graded/graded-space.js';
import { RESNET8_SPACE } from '../shared/graded/graded-space-config.js';

export interface NoveltyConfig {
  /** The space of `single-arch`. */
  readonly space: GradedSpaceConfig;
  /** Networks of each kind. */
  readonly count: number;
  /** Standard deviations of the noise added to training instances, in those of each parameter tensor. */
  readonly noise: readonly number[];
  /** Test images that outputs are compared on. */
  readonly images: number;
}

export const CONFIGS: Readonly<Record<Scale, NoveltyConfig>> = {
  smoke: { space: RESNET8_SPACE.smoke, count: 2, noise: [0.1], images: 100 },
  small: { space: RESNET8_SPACE.small, count: 12, noise: [0.1, 0.3], images: 500 },
  paper: { space: RESNET8_SPACE.paper, count: 32, noise: [0.1, 0.3], images: 4000 },
};
