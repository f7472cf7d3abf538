import type { Scale } from '../shared/experiment.js';
import type { GradedSpaceConfig } from '../shared/graded-space.js';
import { RESNET8_SPACE } from '../shared/graded-space-config.js';
import { configs as multiArch, TINY_IMAGENET, type MultiArchConfig } from '../multi-arch/config.js';
import type { SearchConfig } from './search.js';

/** One space whose embeddings are optimised, and the data set that its networks see. */
export type LsoCase =
  | { readonly name: string; readonly kind: 'multi'; readonly space: MultiArchConfig }
  | { readonly name: string; readonly kind: 'single'; readonly space: GradedSpaceConfig };

export interface LsoConfig {
  readonly cases: readonly LsoCase[];
  /** Held-out networks of each architecture to start from, spread over their accuracies. */
  readonly starts: number;
  readonly search: SearchConfig;
  readonly validationImages: number;
  readonly testImages: number;
}

export const configs: Readonly<Record<Scale, LsoConfig>> = {
  smoke: {
    cases: [
      { name: 'digits, one architecture', kind: 'single', space: RESNET8_SPACE.smoke },
      { name: 'digits, several architectures', kind: 'multi', space: multiArch.smoke },
    ],
    ...{ starts: 1, validationImages: 50, testImages: 50 },
    search: { steps: 3, images: 16, learningRates: { latent: [1e-2], weights: [1e-3] } },
  },
  small: {
    cases: [
      { name: 'CIFAR-10, one architecture', kind: 'single', space: RESNET8_SPACE.small },
      { name: 'CIFAR-10, several architectures', kind: 'multi', space: multiArch.small },
      { name: 'Tiny-ImageNet, several architectures', kind: 'multi', space: TINY_IMAGENET.small },
    ],
    ...{ starts: 2, validationImages: 500, testImages: 2000 },
    search: { steps: 100, images: 64, learningRates: { latent: [1e-2, 5e-2], weights: [1e-3, 5e-3] } },
  },
  paper: {
    cases: [
      { name: 'CIFAR-10, one architecture', kind: 'single', space: RESNET8_SPACE.paper },
      { name: 'CIFAR-10, several architectures', kind: 'multi', space: multiArch.paper },
      { name: 'Tiny-ImageNet, several architectures', kind: 'multi', space: TINY_IMAGENET.paper },
    ],
    ...{ starts: 10, validationImages: 2000, testImages: 10_000 },
    search: { steps: 100, images: 128, learningRates: { latent: [1e-4], weights: [1e-4, 1e-3] } },
  },
};
