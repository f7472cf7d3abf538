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

const VALIDATION_SHARE = 0.1;

/** CIFAR-10: the training batches that are there, a tenth of each set aside for validation, and the test batch. */
export async function cifar10(): Promise<Splits> {
  const path = dataPath('cifar-10-batches-bin');
  return { ...split(await loadCifar10(path)), test: await loadCifar10(path, { split: 'test' }) };
}

/** The Tiny-ImageNet classes that are there; its validation images are the test set. */
export async function tinyImageNet(): Promise<Splits> {
  const path = dataPath('tiny-imagenet-200');
  return { ...split(await loadTinyImageNet(path)), test: await loadTinyImageNet(path, { split: 'val' }) };
}

/** Handwritten digits from an npm package: what smoke runs learn. */
export async function digits(): Promise<Splits> {
  const loaded = await loadMnist({ train: 600, test: 200 });
  return { ...split(loaded.train), test: loaded.test };
}

/** All handwritten digits of that package. */
export async function mnist(): Promise<Splits> {
  const loaded = await loadMnist();
  return { ...split(loaded.train), test: loaded.test };
}

/** Every tenth image is for validation: the same on every machine, and, as files are not sorted by class, of all classes. */
function split(dataset: ImageDataset): Omit<Splits, 'test'> {
  const every = Math.round(1 / VALIDATION_SHARE);
  const indices = [...Array(dataset.count).keys()];
  return {
    train: subsetDataset(
      dataset,
      indices.filter((i) => i % every !== 0),
      { name: dataset.name },
    ),
    validation: subsetDataset(
      dataset,
      indices.filter((i) => i % every === 0),
      { name: `${dataset.name}-validation` },
    ),
  };
}
