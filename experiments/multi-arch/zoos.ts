import type { ArchitectureZooConfig } from '../shared/architecture-zoo.js';

const adam = (learningRate: number, every: number) =>
  ({ kind: 'adam', learningRate: { kind: 'exponential', learningRate, factor: 0.5, every } }) as const;
const paperSgd: ArchitectureZooConfig['teacher']['optimizer'] = {
  kind: 'sgd',
  learningRate: { kind: 'steps', learningRate: 0.05, milestones: [149, 179, 209], factor: 0.1 },
  momentum: 0.9,
  weightDecay: 5e-4,
};
const crops = { padding: 4, flip: true } as const;

/** Digits, seconds. */
export const SMOKE_ZOO: ArchitectureZooConfig = {
  groups: ['lenet-like-1x28x28-10-w0.2', 'vanilla-cnn-1x28x28-10-w0.2', 'resnet8-1x28x28-10-w0.25'].map((architecture) => ({
    ...{ architecture, seeds: 2, lengths: [6], unit: 'steps', batchSize: 16 },
    optimizer: adam(5e-3, 100),
  })),
  teacher: {
    architecture: 'vanilla-cnn-1x28x28-10-w0.25',
    seeds: [100],
    lengths: [30],
    unit: 'steps',
    batchSize: 32,
    optimizer: adam(5e-3, 100),
  },
  heldOutSeeds: [1],
  testImages: 50,
};

const few = { unit: 'steps', batchSize: 64 } as const;

/**
 * Images averaged to 16 × 16; widths such that sizes are in the paper's order: 4,368 < 6,698 < 11,266 < 29,546 parameters for ten classes. ResNets learn
 * for fewer steps than they could: a step of ResNet32 costs eight of LeNetLike. The teacher is a ResNet8 of full width, which at this
 * budget beats a narrow ResNet56.
 */
export const smallZoo = (classes: number): ArchitectureZooConfig => ({
  groups: [
    { ...few, architecture: `lenet-like-3x16x16-${classes}-w0.5`, seeds: 3, lengths: [700, 800, 900], optimizer: adam(4e-3, 250) },
    { ...few, architecture: `vanilla-cnn-3x16x16-${classes}-w0.3125`, seeds: 3, lengths: [700, 800, 900], optimizer: adam(4e-3, 250) },
    { ...few, architecture: `resnet8-3x16x16-${classes}-w0.375`, seeds: 3, lengths: [270, 300, 330, 360], optimizer: adam(4e-3, 100) },
    { ...few, architecture: `resnet32-3x16x16-${classes}-w0.25`, seeds: 2, lengths: [240, 270, 300], optimizer: adam(4e-3, 90) },
    { ...few, architecture: `resnet32-3x16x16-${classes}-w0.25`, seeds: [2, 3, 4], lengths: [240, 270, 300], optimizer: adam(4e-3, 90) },
  ],
  teacher: { ...few, architecture: `resnet8-3x16x16-${classes}`, seeds: [100], lengths: [900], optimizer: adam(4e-3, 220) },
  heldOutSeeds: [0],
  testImages: 250,
});

/** The paper's: 100 good instances to learn from and 16 + 16 kept, an architecture; ResNet56 teaches. */
export const paperZoo = (task: string): ArchitectureZooConfig => ({
  groups: [`lenet-like-${task}`, `vanilla-cnn-${task}`, `resnet8-${task}`, `resnet32-${task}`].map((architecture) => ({
    ...{ architecture, seeds: 132, lengths: [300], optimizer: paperSgd, augment: crops },
  })),
  teacher: { architecture: `resnet56-${task}`, seeds: [1000], lengths: [300], optimizer: paperSgd, augment: crops },
  heldOutSeeds: Array.from({ length: 32 }, (_, i) => 100 + i),
  testImages: 1000,
});
