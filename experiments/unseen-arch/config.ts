import type { ArchitectureSpaceConfig } from '../shared/architecture-space.js';
import type { ArchitectureZooConfig } from '../shared/architecture-zoo.js';
import type { Scale } from '../shared/experiment.js';
import type { ImageSource } from '../shared/images.js';
import { configs as multiArch } from '../multi-arch/config.js';

export interface UnseenArchConfig {
  readonly images: ImageSource;
  /** Networks of all architectures; the space learns from those of the smallest and the largest. */
  readonly zoo: ArchitectureZooConfig;
  readonly space: ArchitectureSpaceConfig;
  readonly walks: { readonly pairs: number; readonly stops: number };
  /** Networks with initial weights, and pairs of trained ones that are averaged, to compare with. */
  readonly baselines: number;
  readonly testImages: number;
}

export const configs: Readonly<Record<Scale, UnseenArchConfig>> = {
  smoke: like('smoke', { steps: 6, nets: 2, walks: { pairs: 1, stops: 3 }, baselines: 1, testImages: 50 }),
  small: like('small', { steps: 1500, nets: 2, walks: { pairs: 3, stops: 10 }, baselines: 3, testImages: 500 }),
  paper: like('paper', { steps: 100_000, nets: 2, walks: { pairs: 10, stops: 21 }, baselines: 10, testImages: 10_000 }),
};

/** The settings of `multi-arch` with fewer networks to learn from. */
function like(
  scale: Scale,
  {
    steps,
    nets,
    ...rest
  }: Pick<UnseenArchConfig, 'walks' | 'baselines' | 'testImages'> & { readonly steps: number; readonly nets: number },
): UnseenArchConfig {
  const { images, zoo, space } = multiArch[scale];
  return { images, zoo, space: { ...space, steps, batch: { ...space.batch, nets } }, ...rest };
}
