import type { Scale } from '../shared/experiment.js';
import type { GradedSpaceConfig } from '../shared/graded/graded-space.js';
import { RESNET8_SPACE } from '../shared/graded/graded-space-config.js';

export interface BaselinesConfig {
  /** The space learned by behavior: that of `single-arch`. */
  readonly space: GradedSpaceConfig;
  /** Steps of the space learned by weights; more than the other's, as its steps run no networks and take less time. */
  readonly weightSteps: number;
}

const config = (space: GradedSpaceConfig, factor: number): BaselinesConfig => ({ space, weightSteps: factor * space.training.steps });

export const CONFIGS: Readonly<Record<Scale, BaselinesConfig>> = {
  smoke: config(RESNET8_SPACE.smoke, 1),
  small: config(RESNET8_SPACE.small, 2),
  paper: config(RESNET8_SPACE.paper, 1),
};
