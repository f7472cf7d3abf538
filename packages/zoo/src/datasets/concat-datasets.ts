import { NetSpaceError } from '@netspace/prep';
import { parseOptions } from '@netspace/prep/internal';

import { createImageDataset, labelArray, type ImageDataset } from './image-dataset.js';
import { nameOptions, type NameOptions } from './name-options.js';

/**
 * Puts data sets of the same kind one after the other, such as the files of CIFAR-10's training set.
 *
 * @throws NetSpaceError `INVALID_OPTION` if the list is empty, or for options that are unknown or wrong, `SHAPE_MISMATCH` if image shapes, classes or channel statistics differ
 * @example
 * ```ts
 * import { concatDatasets, parseCifar10 } from '@netspace/zoo';
 *
 * const file = () => parseCifar10(new Uint8Array(2 * 3073));
 * console.log(concatDatasets([file(), file()], { name: 'all' }).count); // 4
 * ```
 */
export function concatDatasets(datasets: readonly ImageDataset[], options: NameOptions = {}): ImageDataset {
  const { name } = parseOptions('concatDatasets', nameOptions, options);
  const [first] = datasets;
  if (first === undefined) throw new NetSpaceError('INVALID_OPTION', 'concatDatasets: expected at least one data set, got none');
  const kind = ({ shape, classes, mean, std }: ImageDataset): string => `[${shape}], ${classes} classes, mean [${mean}], std [${std}]`;
  const other = datasets.find((dataset) => kind(dataset) !== kind(first));
  if (other !== undefined) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `concatDatasets: expected data sets of one kind, got ${first.name} (${kind(first)}) and ${other.name} (${kind(other)})`,
    );
  }
  const count = datasets.reduce((sum, dataset) => sum + dataset.count, 0);
  const [height, width, channels] = first.shape;
  const size = height * width * channels;
  const images = new Uint8Array(count * size);
  const labels = labelArray(count, first.classes);
  let at = 0;
  for (const dataset of datasets) {
    images.set(dataset.images, at * size);
    labels.set(dataset.labels, at);
    at += dataset.count;
  }
  return createImageDataset({ ...first, name: name ?? first.name, images, labels });
}
