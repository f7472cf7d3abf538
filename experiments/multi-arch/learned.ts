import type { NetSpace } from '@netspace/model';
import type { TrainedSpace } from '@netspace/node';
import { thinDataset, type ImageDataset } from '@netspace/zoo';

import { architectureSpace, type Variant } from '../shared/architecture-space.js';
import { architectureZoo, type ArchitectureZoo } from '../shared/architecture-zoo.js';
import type { Splits } from '../shared/data.js';
import type { Context } from '../shared/experiment.js';
import { imagesOf } from '../shared/images.js';
import { quickLook } from '../shared/quick-look.js';
import type { MultiArchConfig } from './config.js';
import { lookAt } from './look.js';

export interface MultiArchZoo {
  readonly images: Splits;
  /** Test images, as many as every look takes. */
  readonly few: ImageDataset;
  readonly zoo: ArchitectureZoo;
}

export interface LearnedMultiArch extends MultiArchZoo {
  readonly trained: TrainedSpace;
}

/** Zoo and space of this experiment, learned or loaded; others start from them too. */
export async function learnMultiArch(config: MultiArchConfig, context: Context): Promise<LearnedMultiArch> {
  const learned = await multiArchZoo(config, context);
  return { ...learned, trained: await learnSpace(learned, quickLook(config, context), context) };
}

/** The zoo, trained or loaded, with its images. */
export async function multiArchZoo(whole: MultiArchConfig, context: Context): Promise<MultiArchZoo> {
  const config = quickLook(whole, context);
  const images = await imagesOf(config.images);
  const few = thinDataset(images.test, config.fewImages);
  return { images, few, zoo: await architectureZoo(context, config.zoo, images) };
}

/** A space of the zoo at full length: the paper's form, or a variant under a name of its own. */
export function learnSpace(
  { images, few, zoo }: MultiArchZoo,
  { space: config, walks, ablationSteps }: MultiArchConfig,
  context: Context,
  { name = 'multi-arch', variant }: { readonly name?: string; readonly variant?: Variant } = {},
): Promise<TrainedSpace> {
  const measure = (space: NetSpace) => lookAt(space, { ...walks, heldOut: zoo.heldOut, images: few, signal: context.signal });
  const watch = { every: ablationSteps, measure };
  return architectureSpace(context, { name, config, zoo, images: images.train, watch, ...(variant && { variant }) });
}
