import type { ArchitectureSpaceConfig } from '../shared/architecture-space.js';
import type { ArchitectureZooConfig } from '../shared/architecture-zoo.js';
import type { Scale } from '../shared/experiment.js';
import type { ImageSource } from '../shared/images.js';
import { paperZoo, smallZoo, SMOKE_ZOO } from './zoos.js';

/** What the paper leaves out to see what it is for. */
export type Ablation = 'no-interpolation-loss' | 'no-distillation';

const ABLATIONS = ['no-interpolation-loss', 'no-distillation'] as const;

export interface MultiArchConfig {
  readonly images: ImageSource;
  readonly zoo: ArchitectureZooConfig;
  readonly space: ArchitectureSpaceConfig;
  /** Steps after which the ablations are compared with the paper's form; its own training goes on. */
  readonly ablationSteps: number;
  readonly ablations: readonly Ablation[];
  readonly walks: { readonly pairs: number; readonly stops: number };
  /** Test images of the results. */
  readonly testImages: number;
  /** Test images of every look at a space that is still learning, of every ablation, and of walks. */
  readonly fewImages: number;
}

export const configs: Readonly<Record<Scale, MultiArchConfig>> = {
  smoke: {
    images: 'digits',
    zoo: SMOKE_ZOO,
    space: {
      architectures: names(SMOKE_ZOO),
      sizes: { preset: 'tiny' },
      start: 'instance',
      steps: 6,
      batch: { nets: 3, inputs: 16, sampling: 'balanced' },
      learningRate: 1e-3,
      augment: { permuteChannels: true },
    },
    ablationSteps: 3,
    ablations: ABLATIONS,
    walks: { pairs: 1, stops: 5 },
    testImages: 100,
    fewImages: 50,
  },
  small: small('cifar10-16', 10, 3000),
  paper: paper('cifar10', '3x32x32-10'),
};

/** The slice of Tiny-ImageNet, 20 classes; `lso` searches a space of its networks too. */
export const TINY_IMAGENET = { small: small('tiny-imagenet-16', 20, 1200), paper: paper('tiny-imagenet', '3x64x64-20') } as const;

function small(images: ImageSource, classes: number, steps: number): MultiArchConfig {
  const zoo = smallZoo(classes);
  return {
    ...{ images, zoo, ablationSteps: 600, ablations: ABLATIONS, walks: { pairs: 3, stops: 10 }, testImages: 1000, fewImages: 250 },
    space: {
      architectures: names(zoo),
      sizes: { preset: 'small', decoderChannels: 32 },
      start: 'instance',
      steps,
      batch: { nets: 4, inputs: 64, sampling: 'balanced' },
      learningRate: { kind: 'exponential', learningRate: 1.5e-3, factor: 0.7, every: 300, warmUp: 100 },
      augment: { permuteChannels: true },
    },
  };
}

function paper(images: ImageSource, task: string): MultiArchConfig {
  const zoo = paperZoo(task);
  return {
    ...{ images, zoo, ablationSteps: 100_000, ablations: ABLATIONS, walks: { pairs: 10, stops: 21 }, testImages: 10_000, fewImages: 1000 },
    space: {
      architectures: names(zoo),
      sizes: { preset: 'paper', prepShape: [88, 10_000] },
      start: 'random',
      steps: 100_000,
      batch: { nets: 4, inputs: 128, sampling: 'balanced' },
      learningRate: 1e-4,
    },
  };
}

function names({ groups }: ArchitectureZooConfig): readonly string[] {
  return [...new Set(groups.map(({ architecture }) => architecture))];
}
