import type { TeacherConfig } from '../shared/architecture-zoo.js';
import type { Scale } from '../shared/experiment.js';
import { RESNET8_SPACE } from '../shared/graded/graded-space-config.js';
import { configs as multiArch, TINY_IMAGENET, type MultiArchConfig } from '../multi-arch/config.js';
import {
  CIFAR10_ARCHITECTURES,
  CIFAR10_SPACES,
  PAPER_ARCHITECTURES,
  SMOKE_ARCHITECTURES,
  TINY_IMAGENET_ARCHITECTURES,
  TINY_IMAGENET_SPACES,
  type GradedArchitecturesCase,
  type GradedCase,
} from './graded-spaces.js';
import type { SearchConfig } from './search.js';

/** A space whose embeddings are optimized, under the name of the data set and of how many architectures it has. */
export type LsoCase = { readonly name: string; readonly teacher: TeacherConfig } & (ImitatorsCase | GradedKind);

/** Of good networks, all of which imitate the teacher: the paper's. */
interface ImitatorsCase {
  readonly kind: 'imitators';
  readonly space: MultiArchConfig;
}

/** Of networks from poor to good, each of which imitates the one that was encoded. */
type GradedKind = ({ readonly kind: 'graded' } & GradedCase) | ({ readonly kind: 'graded-architectures' } & GradedArchitecturesCase);

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
    cases: oneAndSeveral('digits', [{ files: 'single-arch-0', space: RESNET8_SPACE.smoke }], multiArch.smoke, SMOKE_ARCHITECTURES),
    ...{ starts: 1, validationImages: 50, testImages: 50 },
    search: { steps: 3, images: 16, learningRates: { latent: [1e-2], weights: [1e-3] } },
  },
  small: {
    cases: [
      ...oneAndSeveral('CIFAR-10', CIFAR10_SPACES, multiArch.small, CIFAR10_ARCHITECTURES),
      ...oneAndSeveral('Tiny-ImageNet', TINY_IMAGENET_SPACES, TINY_IMAGENET.small, TINY_IMAGENET_ARCHITECTURES),
    ],
    ...{ starts: 2, validationImages: 500, testImages: 2000 },
    search: { steps: 100, images: 64, learningRates: { latent: [1e-2, 5e-2], weights: [1e-3, 5e-3] } },
  },
  paper: {
    cases: [
      ...oneAndSeveral('CIFAR-10', [{ files: 'single-arch-0', space: RESNET8_SPACE.paper }], multiArch.paper, PAPER_ARCHITECTURES),
      ...oneAndSeveral('Tiny-ImageNet', [], TINY_IMAGENET.paper),
    ],
    ...{ starts: 10, validationImages: 2000, testImages: 10_000 },
    search: { steps: 100, images: 128, learningRates: { latent: [1e-4], weights: [1e-4, 1e-3] } },
  },
};

function oneAndSeveral(
  name: string,
  spaces: readonly GradedCase[],
  several: MultiArchConfig,
  gradedSeveral?: GradedArchitecturesCase,
): readonly LsoCase[] {
  const teacher = { teacher: several.zoo.teacher, testImages: several.zoo.testImages }; // the same for all
  return [
    ...spaces.map((one) => ({ kind: 'graded', name: `${name}, one architecture`, teacher, ...one }) as const),
    { kind: 'imitators', name: `${name}, several architectures`, teacher, space: several },
    ...(gradedSeveral
      ? [{ kind: 'graded-architectures', name: `${name}, several architectures from poor to good`, teacher, ...gradedSeveral } as const]
      : []),
  ];
}
