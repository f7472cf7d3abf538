import { parseOptions } from '@netspace/prep/internal';

import { assertIndices } from './image-batch.js';
import { createImageDataset, labelArray, type ImageDataset } from './image-dataset.js';
import { nameOptions, type NameOptions } from './name-options.js';
import { createTensorDataset, type Dataset, isTensorDataset, type LabeledTensors, type TensorDataset } from './tensors/tensor-dataset.js';

/**
 * The chosen images, or tensors, of a data set, copied, in the given order.
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
export function subsetDataset(dataset: ImageDataset, indices: ArrayLike<number>, options?: NameOptions): ImageDataset;
export function subsetDataset(dataset: LabeledTensors, indices: ArrayLike<number>, options?: NameOptions): LabeledTensors;
export function subsetDataset(dataset: TensorDataset, indices: ArrayLike<number>, options?: NameOptions): TensorDataset;
export function subsetDataset(dataset: Dataset, indices: ArrayLike<number>, options?: NameOptions): Dataset;
export function subsetDataset(dataset: Dataset, indices: ArrayLike<number>, options: NameOptions = {}): Dataset {
  const { name = dataset.name } = parseOptions('subsetDataset', nameOptions, options);
  assertIndices('subsetDataset', dataset, indices);
  const { labels } = dataset;
  const chosen = labels && { labels: rowsOf(labels, 1, indices, labelArray(indices.length, dataset.classes ?? 0)) };
  const size = dataset.shape.reduce((product, side) => product * side, 1);
  if (!isTensorDataset(dataset)) {
    const images = rowsOf(dataset.images, size, indices, new Uint8Array(indices.length * size));
    return createImageDataset({ ...dataset, name, images, ...chosen });
  }
  const { inputs, targets, targetShape = [] } = dataset;
  const each = targetShape.reduce((product, side) => product * side, 1);
  const empty = inputs instanceof Int32Array ? new Int32Array(indices.length * size) : new Float32Array(indices.length * size);
  return createTensorDataset({
    ...{ ...dataset, name, inputs: rowsOf(inputs, size, indices, empty), ...chosen },
    ...(targets && { targets: rowsOf(targets, each, indices, new Float32Array(indices.length * each)) }),
  });
}

interface Numbers {
  readonly [index: number]: number;
  subarray(begin: number, end: number): ArrayLike<number>;
  set(values: ArrayLike<number>, at: number): void;
}

/** Copies rows of `size` numbers one after the other. */
function rowsOf<Into extends Numbers>(from: Numbers, size: number, indices: ArrayLike<number>, into: Into): Into {
  for (let k = 0; k < indices.length; k++) into.set(from.subarray(indices[k]! * size, (indices[k]! + 1) * size), k * size);
  return into;
}
