import { parseOptions } from '@netspace/prep/internal';

import { assertIndices } from './image-batch.js';
import { createImageDataset, labelArray, type ImageDataset } from './image-dataset.js';
import { nameOptions, type NameOptions } from './name-options.js';

/**
 * The chosen images of a data set, copied, in the given order.
 *
 * @throws NetSpaceError `INVALID_OPTION` if an index is not one of the data set's, or for options that are unknown or wrong
 * @example
 * ```ts
 * import { parseCifar10, subsetDataset } from '@netspace/zoo';
 *
 * const dataset = parseCifar10(new Uint8Array(10 * 3073));
 * console.log(subsetDataset(dataset, [9, 0], { name: 'ends' }).count); // 2
 * ```
 */
export function subsetDataset(dataset: ImageDataset, indices: ArrayLike<number>, options: NameOptions = {}): ImageDataset {
  const { name = dataset.name } = parseOptions('subsetDataset', nameOptions, options);
  assertIndices('subsetDataset', dataset, indices);
  const [height, width, channels] = dataset.shape;
  const size = height * width * channels;
  const images = new Uint8Array(indices.length * size);
  const labels = labelArray(indices.length, dataset.classes);
  for (let k = 0; k < indices.length; k++) {
    const index = indices[k]!;
    images.set(dataset.images.subarray(index * size, (index + 1) * size), k * size);
    labels[k] = dataset.labels[index]!;
  }
  return createImageDataset({ ...dataset, name, images, labels });
}
