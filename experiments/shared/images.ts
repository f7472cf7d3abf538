import { shrinkDataset, type ImageDataset } from '@netspace/zoo';

import { cifar10, digits, tinyImageNet, type Splits } from './data.js';

/** Which images: digits need no data of their own; the others can be had at half their size, every pixel the mean of four. */
export type ImageSource = 'digits' | 'cifar10' | 'cifar10-16' | 'tiny-imagenet' | 'tiny-imagenet-32';

export async function imagesOf(source: ImageSource): Promise<Splits> {
  if (source === 'digits') return digits();
  const full = source.startsWith('cifar10') ? await cifar10() : await tinyImageNet();
  if (source === 'cifar10' || source === 'tiny-imagenet') return full;
  return { train: halved(full.train), validation: halved(full.validation), test: halved(full.test) };
}

const halved = (dataset: ImageDataset): ImageDataset => shrinkDataset(dataset, 2, { name: `${dataset.name}-${dataset.shape[0] / 2}` });
