import type { Scale } from './experiment.js';
import type { GradedZooConfig } from './graded/graded-zoo.js';

/** The zoos that the single-architecture experiments share. */
export const RESNET8_ZOO: Readonly<Record<Scale, GradedZooConfig>> = {
  smoke: {
    ...{ name: 'digits', architecture: 'resnet8-1x28x28-10-w0.125', count: 5, heldOut: 2 },
    ...{ steps: [3, 12], learningRate: 1e-2, batchSize: 16 },
  },
  // Annealed rates, and lengths of at most 1.1 epochs: what is weak is weak for lack of training.
  small: {
    ...{ name: 'resnet8-cifar10-16', architecture: 'resnet8-3x16x16-10-w0.375', count: 84, heldOut: 16 },
    ...{ steps: [8, 320], learningRate: 2e-3, batchSize: 64 },
  },
  // The paper's numbers: 100 to learn from, 32 kept.
  paper: {
    ...{ name: 'resnet8-cifar10', architecture: 'resnet8-3x32x32-10', count: 132, heldOut: 32 },
    ...{ steps: [100, 100_000], learningRate: 1e-3, batchSize: 128 },
  },
};
