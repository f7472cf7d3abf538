import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { loadCifar10, loadMnist, loadTinyImageNet } from '@netspace/node';
import { subsetDataset, type ImageDataset } from '@netspace/zoo';

import { root } from './root.js';

/** Images to train on, images of the same files to choose settings by, and images that only results are measured on. */
export interface Splits {
  readonly train: ImageDataset;
  readonly validation: ImageDataset;
  readonly test: ImageDataset;
  /** Names the images to train on and the test images, as commands take it. */
  readonly source: string;
}

/**
 * A file or folder of the data that is not part of the repository: `../shared/data`, or wherever `NETSPACE_DATA` says.
 *
 * @throws Error if it is not there, saying where to get it
 */
export function dataPath(name: string): string {
  const folder = process.env['NETSPACE_DATA'] ?? resolve(root, '../shared/data');
  const path = join(folder, name);
  if (!existsSync(path)) throw new Error(`expected ${name} in ${folder}; put it there or point NETSPACE_DATA to a folder that has it`);
  return path;
}

/** Every so-manieth image is for validation. */
const EVERY = 10;
const VALIDATION = `#validation=${EVERY}`;

/** CIFAR-10: the training batches that are there, a tenth of each set aside for validation, and the test batch. */
export async function cifar10(): Promise<Splits> {
  const path = dataPath('cifar-10-batches-bin');
  return { ...split(await loadCifar10(path)), test: await loadCifar10(path, { split: 'test' }), source: `cifar10:${path}${VALIDATION}` };
}

/** The Tiny-ImageNet classes that are there; its validation images are the test set. */
export async function tinyImageNet(): Promise<Splits> {
  const path = dataPath('tiny-imagenet-200');
  const test = await loadTinyImageNet(path, { split: 'val' });
  return { ...split(await loadTinyImageNet(path)), test, source: `tiny-imagenet:${path}${VALIDATION}` };
}

/** Handwritten digits from an npm package: what smoke runs learn. */
export async function digits(): Promise<Splits> {
  const loaded = await loadMnist({ train: 600, test: 200 });
  return { ...split(loaded.train), test: loaded.test, source: `mnist#train=600#test=200${VALIDATION}` };
}

/** All handwritten digits of that package. */
export async function mnist(): Promise<Splits> {
  const loaded = await loadMnist();
  return { ...split(loaded.train), test: loaded.test, source: `mnist${VALIDATION}` };
}

/** Every tenth image is for validation: the same on every machine, and, as files are not sorted by class, of all classes. */
function split(dataset: ImageDataset): Pick<Splits, 'train' | 'validation'> {
  const indices = [...Array(dataset.count).keys()];
  return {
    train: subsetDataset(
      dataset,
      indices.filter((i) => i % EVERY !== 0),
      { name: dataset.name },
    ),
    validation: subsetDataset(
      dataset,
      indices.filter((i) => i % EVERY === 0),
      { name: `${dataset.name}-validation` },
    ),
  };
}
