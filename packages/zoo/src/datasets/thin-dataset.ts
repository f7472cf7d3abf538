import { evenlySpread } from './evenly-spread.js';
import type { ImageDataset } from './image-dataset.js';
import { subsetDataset } from './subset-dataset.js';
import type { Dataset, LabeledTensors, TensorDataset } from './tensors/tensor-dataset.js';

/**
 * At most `count` images, or tensors, of a data set, evenly spread over it and copied. The data set itself is returned if it has no more.
 *
 * @param count a whole number, at least 0
 * @example
 * ```ts
 * import { parseCifar10, thinDataset } from '@netspace/zoo';
 *
 * console.log(thinDataset(parseCifar10(new Uint8Array(10 * 3073)), 5).count); // 5
 * ```
 */
export function thinDataset(dataset: ImageDataset, count: number): ImageDataset;
export function thinDataset(dataset: LabeledTensors, count: number): LabeledTensors;
export function thinDataset(dataset: TensorDataset, count: number): TensorDataset;
export function thinDataset(dataset: Dataset, count: number): Dataset;
export function thinDataset(dataset: Dataset, count: number): Dataset {
  return count >= dataset.count ? dataset : subsetDataset(dataset, evenlySpread(count, dataset.count));
}
