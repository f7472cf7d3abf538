import * as tf from '@tensorflow/tfjs-core';
import { createImageDataset, type ImageDataset } from '@netspace/zoo';

import { cifar10, digits, tinyImageNet, type Splits } from './data.js';

/** Which images: digits need no data of their own; the others can be had at half their size, every pixel the mean of four. */
export type ImageSource = 'digits' | 'cifar10' | 'cifar10-16' | 'tiny-imagenet' | 'tiny-imagenet-32';

export async function imagesOf(source: ImageSource): Promise<Splits> {
  if (source === 'digits') return digits();
  const full = source.startsWith('cifar10') ? await cifar10() : await tinyImageNet();
  if (source === 'cifar10' || source === 'tiny-imagenet') return full;
  return { train: halved(full.train), validation: halved(full.validation), test: halved(full.test) };
}

function halved(dataset: ImageDataset): ImageDataset {
  const [height, width, channels] = dataset.shape;
  const size = [height / 2, width / 2] as const;
  const images = new Uint8Array(dataset.images.length / 4);
  for (let from = 0; from < dataset.count; from += 500) {
    const count = Math.min(500, dataset.count - from);
    const bytes = dataset.images.subarray(from * height * width * channels, (from + count) * height * width * channels);
    const means = tf.tidy(() => tf.avgPool(tf.tensor4d(bytes, [count, height, width, channels], 'float32'), 2, 2, 'valid'));
    images.set(Uint8Array.from(means.dataSync(), Math.round), from * size[0] * size[1] * channels);
    means.dispose();
  }
  return createImageDataset({ ...dataset, name: `${dataset.name}-${size[0]}`, images, shape: [...size, channels] });
}
