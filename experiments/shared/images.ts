import { shrinkDataset, type ImageDataset } from '@netspace/zoo';

import { cifar10, digits, mnist, tinyImageNet, type Splits } from './data.js';

/** Which images: `digits`, a few of `mnist`, and `mnist` need no data of their own; the others can be had smaller, every pixel the mean of a square. */
export type ImageSource = 'digits' | 'mnist' | 'cifar10' | 'cifar10-16' | 'tiny-imagenet' | 'tiny-imagenet-16';

const SMALL_SIZE = 16;

export async function imagesOf(source: ImageSource): Promise<Splits> {
  if (source === 'digits') return digits();
  if (source === 'mnist') return mnist();
  const full = source.startsWith('cifar10') ? await cifar10() : await tinyImageNet();
  if (source === 'cifar10' || source === 'tiny-imagenet') return full;
  const shrunk = (dataset: ImageDataset): ImageDataset =>
    shrinkDataset(dataset, dataset.shape[0] / SMALL_SIZE, { name: `${dataset.name}-${SMALL_SIZE}` });
  const named = full.source.replace(':', `-${SMALL_SIZE}:`); // cifar10-16:PATH
  return { train: shrunk(full.train), validation: shrunk(full.validation), test: shrunk(full.test), source: named };
}
