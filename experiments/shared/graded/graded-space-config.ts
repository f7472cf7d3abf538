import { RESNET8_ZOO } from '../cifar-zoo.js';
import type { Scale } from '../experiment.js';
import type { GradedSpaceConfig } from './graded-space.js';

/** The space of ResNet8s that the single-architecture experiments share. */
export const RESNET8_SPACE: Readonly<Record<Scale, GradedSpaceConfig>> = {
  smoke: {
    ...{ data: 'digits', zoo: RESNET8_ZOO.smoke, prepWidth: 384 },
    space: { preset: 'tiny' },
    start: 'instance',
    units: 'zoo',
    training: { steps: 12, batch: { nets: 2, inputs: 16 }, learningRate: 1e-3, augment: { permuteChannels: true } },
    task: { accuracyGap: 10 },
    images: 400,
    watch: { every: 6, images: 50 },
  },
  small: {
    ...{ data: 'cifar10-16', zoo: RESNET8_ZOO.small, prepWidth: 2824 },
    space: { preset: 'small' },
    start: 'instance',
    units: 'zoo',
    training: {
      ...{ steps: 3000, batch: { nets: 8, inputs: 32 }, augment: { permuteChannels: true } },
      learningRate: { kind: 'cosine', learningRate: 2e-3 },
    },
    task: { relative: 0.5, accuracyGap: 10 },
    images: 2000,
    watch: { every: 500, images: 500 },
  },
  paper: {
    ...{ data: 'cifar10', zoo: RESNET8_ZOO.paper, prepWidth: 10_000 },
    space: { preset: 'paper' },
    start: 'random',
    units: 'none',
    training: { steps: 100_000, batch: { nets: 8, inputs: 128 }, learningRate: 1e-4 },
    task: {},
    images: 50_000,
    watch: { every: 1000, images: 1000 },
  },
};
