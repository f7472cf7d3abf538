import type { Scale } from '../shared/experiment.js';
import type { GradedSpaceConfig } from '../shared/graded-space.js';
import { RESNET8_SPACE } from '../shared/graded-space-config.js';

export interface EmbeddingConfig {
  /** The space of `single-arch`. */
  readonly space: GradedSpaceConfig;
  /** Of the map. */
  readonly neighbours: number;
}

export const CONFIGS: Readonly<Record<Scale, EmbeddingConfig>> = {
  smoke: { space: RESNET8_SPACE.smoke, neighbours: 3 },
  small: { space: RESNET8_SPACE.small, neighbours: 15 },
  paper: { space: RESNET8_SPACE.paper, neighbours: 15 },
};
