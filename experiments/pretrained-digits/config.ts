import { SMOKE_ARCHITECTURES } from '../shared/graded/graded-smoke.js';
import type { Scale } from '../shared/experiment.js';
import type { GradedZooConfig } from '../shared/graded/graded-zoo.js';
import type { PretrainedSpaceConfig } from '../shared/pretrained-space.js';

/** All of MNIST's digits that the package `mnist` has, at their full size. */
const small: PretrainedSpaceConfig = {
  space: {
    data: 'mnist',
    zoos: [
      zoo('lenet-like-1x28x28-10-w0.3', [50, 800]),
      zoo('vanilla-cnn-1x28x28-10-w0.25', [40, 640]),
      zoo('resnet8-1x28x28-10-w0.25', [60, 480], { learningRate: 3e-3 }),
    ],
    prepWidth: 400,
    space: { preset: 'small' },
    task: { teacher: 'targets', interpolation: false, relative: 0.5, accuracyGap: 10, weights: { classId: 0.01 } },
    training: {
      ...{ steps: 3000, batch: { nets: 12, inputs: 24, sampling: 'balanced' }, readEvery: 20, augment: { permuteChannels: true } },
      learningRate: { kind: 'cosine', learningRate: 2e-3, warmUp: 100 },
    },
    watch: { every: 250, images: 400 },
  },
  testImages: 2000,
};

export const configs: Readonly<Record<Scale, PretrainedSpaceConfig>> = {
  smoke: { space: SMOKE_ARCHITECTURES, testImages: 50 },
  small,
  paper: {
    space: {
      ...small.space,
      ...{ prepWidth: 10_000, space: { preset: 'paper' } },
      zoos: ['lenet-like', 'vanilla-cnn', 'resnet8'].map((name) => zoo(`${name}-1x28x28-10`, [50, 10_000], { count: 132, heldOut: 32 })),
      training: { ...small.space.training, steps: 100_000, batch: { nets: 12, inputs: 128, sampling: 'balanced' }, learningRate: 1e-4 },
      watch: { every: 1000, images: 800 },
    },
    testImages: 2000,
  },
};

/** Networks of fewer than a quarter right say nearly the same of every image: nobody can tell them apart. */
function zoo(
  architecture: string,
  steps: GradedZooConfig['steps'],
  more: Partial<Pick<GradedZooConfig, 'learningRate' | 'count' | 'heldOut'>> = {},
): GradedZooConfig {
  return {
    name: `graded-${architecture}`,
    architecture,
    count: 40,
    heldOut: 8,
    steps,
    learningRate: 2e-3,
    batchSize: 64,
    floor: 0.25,
    ...more,
  };
}
