import { PAPER_ARCHITECTURES } from '../lso/graded-spaces.js';
import { SMOKE_ARCHITECTURES } from '../shared/graded/graded-smoke.js';
import type { Scale } from '../shared/experiment.js';
import type { GradedZooConfig } from '../shared/graded/graded-zoo.js';
import type { PretrainedSpaceConfig } from '../shared/pretrained-space.js';

export const configs: Readonly<Record<Scale, PretrainedSpaceConfig>> = {
  smoke: { space: SMOKE_ARCHITECTURES, testImages: 50 },
  small: {
    space: {
      data: 'cifar10-16',
      zoos: [
        zoo('lenet-like-3x16x16-10-w0.5', [60, 1200]),
        zoo('vanilla-cnn-3x16x16-10-w0.3125', [60, 1200]),
        zoo('resnet8-3x16x16-10-w0.375', [40, 640]),
        zoo('resnet32-3x16x16-10-w0.25', [60, 480], { learningRate: 3e-3, count: 26 }),
      ],
      prepWidth: 464,
      space: { preset: 'small' },
      // Each runs as its own architecture, whatever the class head says yet.
      task: { teacher: 'targets', interpolation: false, relative: 0.5, route: 'target', accuracyGap: 10, weights: { classId: 0.02 } },
      training: {
        ...{ steps: 2400, batch: { nets: 12, inputs: 24, sampling: 'balanced' }, readEvery: 20, augment: { permuteChannels: true } },
        learningRate: { kind: 'cosine', learningRate: 2e-3, warmUp: 100 },
      },
      watch: { every: 300, images: 400 },
    },
    testImages: 2000,
  },
  paper: { space: PAPER_ARCHITECTURES.space, testImages: 10_000 },
};

/** Under 1.7 times chance networks say nearly the same of every image. */
function zoo(architecture: string, steps: GradedZooConfig['steps'], more: Partial<GradedZooConfig> = {}): GradedZooConfig {
  return {
    name: `graded-${architecture}`,
    architecture,
    count: 36,
    heldOut: 6,
    more: 8,
    steps,
    learningRate: 2e-3,
    batchSize: 64,
    floor: 0.17,
    ...more,
  };
}
