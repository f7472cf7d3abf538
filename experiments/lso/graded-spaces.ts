import { RESNET8_ZOO } from '../shared/cifar-zoo.js';
import { RESNET8_SPACE } from '../shared/graded/graded-space-config.js';
import { SMOKE_ARCHITECTURES as SMOKE_SPACE } from '../shared/graded/graded-smoke.js';
import type { GradedSpaceConfig } from '../shared/graded/graded-space.js';
import type { GradedZooConfig } from '../shared/graded/graded-zoo.js';
import type { GradedArchitecturesConfig } from '../shared/graded/graded-architectures.js';

/** A space of one architecture whose embeddings are optimized. */
export interface GradedCase {
  /** What it is called where it is kept. */
  readonly files: string;
  readonly space: GradedSpaceConfig;
}

/** A space of several architectures whose embeddings are optimized. */
export interface GradedArchitecturesCase {
  /** What it is called where it is kept. */
  readonly files: string;
  readonly space: GradedArchitecturesConfig;
}

/** Below it networks say nearly the same of every image: 1.7 times chance. */
const FLOOR = { 'cifar10-16': 0.17, 'tiny-imagenet-16': 0.085 } as const;

/** A space of each architecture of `multi-arch`, whose networks are poor to good: there is something to search for. */
export const CIFAR10_SPACES: readonly GradedCase[] = [
  lenetLike('cifar10-16', 10),
  vanillaCnn('cifar10-16', 10),
  { files: 'single-arch-0', space: RESNET8_SPACE.small },
  resnet32('cifar10-16', 10),
];

export const TINY_IMAGENET_SPACES: readonly GradedCase[] = [
  lenetLike('tiny-imagenet-16', 20),
  vanillaCnn('tiny-imagenet-16', 20),
  graded('tiny-imagenet-16', { architecture: 'resnet8-3x16x16-20-w0.375', steps: [12, 400] }, { prepWidth: 2824 }),
  resnet32('tiny-imagenet-16', 20, { floor: FLOOR['tiny-imagenet-16'] }),
];

/** One space of all four, in which there is something to search for too. */
export const CIFAR10_ARCHITECTURES = gradedFour('cifar10-16', CIFAR10_SPACES, { prepWidth: 928 });
export const TINY_IMAGENET_ARCHITECTURES = gradedFour('tiny-imagenet-16', TINY_IMAGENET_SPACES, { prepWidth: 936 });

/** Two architectures on digits. */
export const SMOKE_ARCHITECTURES: GradedArchitecturesCase = { files: 'graded-architectures', space: SMOKE_SPACE };

/** The paper's sizes. */
export const PAPER_ARCHITECTURES: GradedArchitecturesCase = {
  files: 'graded-architectures-cifar10',
  space: {
    ...CIFAR10_ARCHITECTURES.space,
    ...{ data: 'cifar10', prepWidth: 10_000, space: { preset: 'paper' } },
    zoos: ['lenet-like', 'vanilla-cnn', 'resnet8', 'resnet32'].map((name) => ({
      ...RESNET8_ZOO.paper,
      ...{ name: `${name}-cifar10`, architecture: `${name}-3x32x32-10`, floor: FLOOR['cifar10-16'] },
    })),
    training: {
      ...{ steps: 100_000, batch: { nets: 8, inputs: 128, sampling: 'balanced' }, augment: { permuteChannels: true } },
      learningRate: 1e-4,
    },
    watch: { every: 1000, images: 1000 },
  },
};

function gradedFour(
  data: keyof typeof FLOOR,
  spaces: readonly GradedCase[],
  { prepWidth }: { readonly prepWidth: number },
): GradedArchitecturesCase {
  return {
    files: `graded-architectures-${data}`,
    space: {
      ...{ data, prepWidth, space: { preset: 'small' } },
      zoos: spaces.map(({ space }) => ({ ...space.zoo, floor: FLOOR[data] })),
      // At its full weight the class loss drowns what tells networks of one architecture apart.
      task: { teacher: 'targets', interpolation: false, relative: 0.5, weights: { classId: 0.01 } },
      training: {
        ...{ steps: 1500, batch: { nets: 16, inputs: 16, sampling: 'balanced' }, readEvery: 20, augment: { permuteChannels: true } },
        learningRate: { kind: 'cosine', learningRate: 2e-3 },
      },
      watch: { every: 100, images: 400 },
    },
  };
}

function lenetLike(data: GradedSpaceConfig['data'], classes: number): GradedCase {
  return graded(data, { architecture: `lenet-like-3x16x16-${classes}-w0.5`, steps: [60, 800] }, { prepWidth: 1096 });
}

function vanillaCnn(data: GradedSpaceConfig['data'], classes: number): GradedCase {
  return graded(data, { architecture: `vanilla-cnn-3x16x16-${classes}-w0.3125`, steps: [60, 800] }, { prepWidth: 1680 });
}

/** Fewer networks than of the others, in the zoo and in a step: one costs eight times as much. Without warm-up every embedding became the same. */
function resnet32(data: GradedSpaceConfig['data'], classes: number, floor?: Pick<GradedZooConfig, 'floor'>): GradedCase {
  const architecture = `resnet32-3x16x16-${classes}-w0.25`;
  const zoo = { architecture, count: 18, heldOut: 4, steps: [60, 400], learningRate: 3e-3, ...floor } as const;
  return graded(data, zoo, { prepWidth: 3696, nets: 4, steps: 1500, warmUp: 100 });
}

function graded(
  data: GradedSpaceConfig['data'],
  zoo: Pick<GradedZooConfig, 'architecture' | 'steps'> & Partial<GradedZooConfig>,
  {
    prepWidth,
    nets = 8,
    steps = 1000,
    warmUp,
  }: { readonly prepWidth: number; readonly nets?: number; readonly steps?: number; readonly warmUp?: number },
): GradedCase {
  const files = `graded-${zoo.architecture}`;
  return {
    files,
    space: {
      ...RESNET8_SPACE.small,
      data,
      zoo: { name: files, count: 32, heldOut: 6, learningRate: 2e-3, batchSize: 64, ...zoo },
      prepWidth,
      training: {
        augment: { permuteChannels: true },
        learningRate: { kind: 'cosine', learningRate: 2e-3, ...(warmUp !== undefined && { warmUp }) },
        ...{ steps, batch: { nets, inputs: 32 } },
      },
      watch: { every: 250, images: 500 },
    },
  };
}
