import type { Scale } from '../shared/experiment.js';
import type { GradedSpaceConfig } from '../shared/graded/graded-space.js';
import { configs as multiArch, type MultiArchConfig } from '../multi-arch/config.js';
import { RESNET8_SPACE } from '../shared/graded/graded-space-config.js';

export interface EmbeddingConfig {
  /** The space of `single-arch`. */
  readonly space: GradedSpaceConfig;
  /** The space of `multi-arch`, to read architectures off. */
  readonly several: MultiArchConfig;
  /** Of the map. */
  readonly neighbors: number;
}

export const CONFIGS: Readonly<Record<Scale, EmbeddingConfig>> = {
  smoke: { space: RESNET8_SPACE.smoke, several: multiArch.smoke, neighbors: 3 },
  small: { space: RESNET8_SPACE.small, several: multiArch.small, neighbors: 15 },
  paper: { space: RESNET8_SPACE.paper, several: multiArch.paper, neighbors: 15 },
};
