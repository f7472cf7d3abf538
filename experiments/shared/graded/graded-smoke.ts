import { RESNET8_ZOO } from '../cifar-zoo.js';
import type { GradedArchitecturesConfig } from './graded-architectures.js';

/** A space of two architectures on digits, for smoke runs. */
export const SMOKE_ARCHITECTURES: GradedArchitecturesConfig = {
  ...{ data: 'digits', prepWidth: 384, space: { preset: 'tiny' } },
  zoos: [{ ...RESNET8_ZOO.smoke, name: 'lenet-like-digits', architecture: 'lenet-like-1x28x28-10-w0.2' }, RESNET8_ZOO.smoke],
  task: { teacher: 'targets', interpolation: false },
  training: { steps: 4, batch: { nets: 2, inputs: 16, sampling: 'balanced' }, learningRate: 1e-3 },
  watch: { every: 2, images: 20 },
};
