import { flag, type GivenBy, objectOf, optional, parseOptions, seed, whole, withDefault, randomStream } from '@netspace/prep/internal';

import { assertIndices, normalizationTable, toBatch, type ImageBatch } from './image-batch.js';
import type { ImageDataset } from './image-dataset.js';

/** See {@link AugmentOptions}. */
export const augmentOptions = objectOf({
  /** The random choices depend only on this and `step`. */
  seed,
  /** Number of the batch in the training run. */
  step: whole,
  /**
   * Black pixels around the image before it is cropped back to its size.
   * @default an eighth of the height, rounded down: 4 of 32 and 8 of 64, as the authors have it
   */
  padding: optional(whole),
  /**
   * Whether to mirror half of the images; wrong for digits and letters.
   * @default true
   */
  flip: withDefault(flag, true),
});

/** Options of {@link augmentedImageBatch}. */
export interface AugmentOptions extends GivenBy<typeof augmentOptions> {}

/**
 * Like `imageBatch`, with each image shifted by up to `padding` pixels and mirrored or not, at random: torchvision's
 * `RandomCrop(size, padding)` and `RandomHorizontalFlip()` before normalization, as the paper's classifiers were trained.
 *
 * A pure function of its arguments: a resumed run sees the batches that an undisturbed one would have seen.
 *
 * @returns tensors that the caller disposes
 * @throws NetSpaceError `INVALID_OPTION` if an index is not one of the data set's, or for options that are unknown, missing or wrong
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { augmentedImageBatch, createImageDataset } from '@netspace/zoo';
 *
 * const dataset = createImageDataset({
 *   name: 'two', images: new Uint8Array(2 * 8 * 8), labels: Uint8Array.of(0, 1),
 *   shape: [8, 8, 1], classes: 2, mean: [0], std: [1],
 * });
 * const { images, labels } = augmentedImageBatch(dataset, [0, 1, 1], { seed: 7, step: 0 });
 * console.log(images.shape); // [ 3, 8, 8, 1 ]
 * console.log(await labels.array()); // [ 0, 1, 1 ]
 * ```
 */
export function augmentedImageBatch(dataset: ImageDataset, indices: ArrayLike<number>, options: AugmentOptions): ImageBatch {
  const {
    seed: own,
    step,
    padding = Math.floor(dataset.shape[0] / 8),
    flip,
  } = parseOptions('augmentedImageBatch', augmentOptions, options);
  assertIndices('augmentedImageBatch', dataset, indices);
  const [height, width, channels] = dataset.shape;
  const size = height * width * channels;
  const table = normalizationTable(dataset);
  const random = randomStream(own, step);
  const shift = (): number => Math.floor(random() * (2 * padding + 1)) - padding;
  const values = new Float32Array(indices.length * size);
  let to = 0;
  for (let k = 0; k < indices.length; k++) {
    const [down, right, mirrored] = [shift(), shift(), random() < 0.5 && flip];
    for (let y = down; y < down + height; y++) {
      for (let x = 0; x < width; x++) {
        const column = right + (mirrored ? width - 1 - x : x);
        const inside = y >= 0 && y < height && column >= 0 && column < width;
        const from = indices[k]! * size + (y * width + column) * channels;
        for (let channel = 0; channel < channels; channel++) {
          values[to++] = table[channel * 256 + (inside ? dataset.images[from + channel]! : 0)]!;
        }
      }
    }
  }
  return toBatch(dataset, indices, values);
}
