import { NetSpaceError } from '@netspace/prep';
import { parseOptions } from '@netspace/prep/internal';

import { createImageDataset, type ImageDataset } from './image-dataset.js';
import { nameOptions, type NameOptions } from './name-options.js';

/**
 * The same images at a whole fraction of their height and width. Every pixel is the rounded mean of the `factor` × `factor` pixels that it
 * stands for.
 *
 * @param factor how many times smaller: 2 makes 16 × 16 of 32 × 32
 * @throws NetSpaceError `INVALID_OPTION` if the factor is not a positive integer that divides height and width, or for options that are
 * unknown or wrong
 * @example
 * ```ts
 * import { createImageDataset, shrinkDataset } from '@netspace/zoo';
 *
 * const dataset = createImageDataset({
 *   name: 'one', images: Uint8Array.of(10, 20, 30, 40), labels: Uint8Array.of(0),
 *   shape: [2, 2, 1], classes: 1, mean: [0], std: [1],
 * });
 * console.log([...shrinkDataset(dataset, 2).images]); // [ 25 ]
 * ```
 */
export function shrinkDataset(dataset: ImageDataset, factor: number, options: NameOptions = {}): ImageDataset {
  const { name = `${dataset.name}-shrunk${factor}` } = parseOptions('shrinkDataset', nameOptions, options);
  const [height, width, channels] = dataset.shape;
  if (!(Number.isInteger(factor) && factor >= 1 && height % factor === 0 && width % factor === 0)) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `shrinkDataset: expected a factor that divides ${height} and ${width}, got ${factor}; choose one of their common divisors`,
    );
  }
  const [rows, columns] = [height / factor, width / factor];
  const rowSize = columns * channels;
  const images = new Uint8Array(dataset.count * rows * rowSize);
  const sums = new Float64Array(rowSize); // of one row of the small image
  for (let row = 0; row < dataset.count * rows; row++) {
    sums.fill(0);
    for (let from = row * factor; from < (row + 1) * factor; from++) {
      const start = from * width * channels;
      for (let x = 0; x < width; x++) {
        const place = Math.floor(x / factor) * channels;
        for (let c = 0; c < channels; c++) sums[place + c]! += dataset.images[start + x * channels + c]!;
      }
    }
    for (let i = 0; i < rowSize; i++) images[row * rowSize + i] = Math.round(sums[i]! / factor ** 2);
  }
  return createImageDataset({ ...dataset, name, images, shape: [rows, columns, channels] });
}
