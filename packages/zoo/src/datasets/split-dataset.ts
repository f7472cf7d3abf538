import { NetSpaceError } from '@netspace/prep';

import type { ImageDataset } from './image-dataset.js';
import { randomPermutation, randomStream } from './random.js';
import { subsetDataset } from './subset-dataset.js';

export interface SplitDatasetOptions {
  /** How many images each part gets; images beyond their sum are left out. */
  readonly counts: readonly number[];
  /**
   * Of the order in which images are dealt.
   *
   * @default 0
   */
  readonly seed?: number;
}

/**
 * Deals the images of a data set at random into disjoint parts.
 *
 * @returns one data set per count, in order
 * @throws NetSpaceError `INVALID_OPTION` if a count is not a natural number or the counts sum to more than there is
 * @example
 * ```ts
 * import { parseCifar10, splitDataset } from '@netspace/zoo';
 *
 * const dataset = parseCifar10(new Uint8Array(10 * 3073));
 * const [train, test] = splitDataset(dataset, { counts: [8, 2], seed: 1 });
 * console.log(train!.count, test!.count); // 8 2
 * ```
 */
export function splitDataset(dataset: ImageDataset, { counts, seed = 0 }: SplitDatasetOptions): ImageDataset[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (!counts.every((count) => Number.isInteger(count) && count >= 0) || total > dataset.count) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `splitDataset: expected natural numbers that sum to at most ${dataset.count} (${dataset.name}), got [${counts}]`,
    );
  }
  const order = randomPermutation(dataset.count, randomStream(seed));
  let from = 0;
  return counts.map((count) => subsetDataset(dataset, order.subarray(from, (from += count))));
}
