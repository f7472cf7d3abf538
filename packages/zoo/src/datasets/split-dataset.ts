import { NetSpaceError } from '@netspace/prep';
import {
  type GivenBy,
  listOf,
  objectOf,
  parseOptions,
  seed,
  whole,
  withDefault,
  randomPermutation,
  randomStream,
} from '@netspace/prep/internal';

import type { ImageDataset } from './image-dataset.js';
import type { Dataset, LabeledTensors, TensorDataset } from './tensors/tensor-dataset.js';
import { subsetDataset } from './subset-dataset.js';

/** See {@link SplitDatasetOptions}. */
export const splitDatasetOptions = objectOf({
  /** The number of images, or tensors, of each part. Those beyond their sum are left out. */
  counts: listOf(whole, 'a list of counts, one a part'),
  /**
   * Seed of the order in which they are dealt.
   * @default 0
   */
  seed: withDefault(seed, 0),
});

/** Options of {@link splitDataset}. */
export interface SplitDatasetOptions extends GivenBy<typeof splitDatasetOptions> {}

/**
 * Deals the images, or tensors, of a data set at random into disjoint parts.
 *
 * @returns one data set per count, in order
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown, missing or wrong, or if the counts sum to more than there is
 * @example
 * ```ts
 * import { parseCifar10, splitDataset } from '@netspace/zoo';
 *
 * const dataset = parseCifar10(new Uint8Array(10 * 3073));
 * const [train, test] = splitDataset(dataset, { counts: [8, 2], seed: 1 });
 * console.log(train!.count, test!.count); // 8 2
 * ```
 */
export function splitDataset(dataset: ImageDataset, options: SplitDatasetOptions): ImageDataset[];
export function splitDataset(dataset: LabeledTensors, options: SplitDatasetOptions): LabeledTensors[];
export function splitDataset(dataset: TensorDataset, options: SplitDatasetOptions): TensorDataset[];
export function splitDataset(dataset: Dataset, options: SplitDatasetOptions): Dataset[] {
  const { counts, seed: own } = parseOptions('splitDataset', splitDatasetOptions, options);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total > dataset.count) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `splitDataset: expected counts that sum to at most ${dataset.count} (${dataset.name}), got ${total}; leave some out`,
    );
  }
  const order = randomPermutation(dataset.count, randomStream(own));
  let from = 0;
  return counts.map((count) => subsetDataset(dataset, order.subarray(from, (from += count))));
}
