import { evenlySpread } from './evenly-spread.js';
import type { ImageDataset } from './image-dataset.js';
import { subsetDataset } from './subset-dataset.js';

/**
 * At most `count` images of a data set, evenly spread over it and copied. The data set itself is returned if it has no more.
 *
 * @param count a whole number, at least 0
 * @example
 * ```ts
 * import { parseCifar10, thinDataset } from '@netspace/zoo';
 *
 * console.log(thinDataset(parseCifar10(new Uint8Array(10 * 3073)), 5).count); // 5
 * ```
 */
export const thinDataset = (dataset: ImageDataset, count: number): ImageDataset =>
  count >= dataset.count ? dataset : subsetDataset(dataset, evenlySpread(count, dataset.count));
