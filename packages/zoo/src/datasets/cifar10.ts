import { NetSpaceError } from '@netspace/prep';
import { refuseUnknown } from '@netspace/prep/internal';

import { checkNumber } from '../architectures/check-option.js';
import { createImageDataset, IMAGENET_STATISTICS, type ImageDataset } from './image-dataset.js';

const SIZE = 32;
const PLANE = SIZE * SIZE;
const RECORD = 1 + 3 * PLANE;

/** The ten classes of CIFAR-10, in label order. */
export const CIFAR10_CLASSES = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'] as const;

export interface ParseCifar10Options {
  /**
   * Name of the data set, for reports.
   *
   * @default 'cifar10'
   */
  readonly name?: string;
  /**
   * Limits that are checked before anything is allocated. The official archive has 60,000 images in all.
   *
   * @default { images: 100_000 }
   */
  readonly limits?: { readonly images?: number };
}

/**
 * Reads CIFAR-10's binary version: records of one label byte and three 32 × 32 planes (red, green, blue), any number of them.
 *
 * @param bytes one `.bin` file
 * @returns images of shape `[32, 32, 3]`, channels last, with ImageNet's statistics as the paper's authors use them
 * @throws NetSpaceError `CORRUPT_FILE` if the bytes are no whole number of records or a label is above 9, `LIMIT_EXCEEDED` if there are
 * more images than `limits.images`
 * @see https://www.cs.toronto.edu/~kriz/cifar.html
 * @example
 * ```ts
 * import { CIFAR10_CLASSES, parseCifar10 } from '@netspace/zoo';
 *
 * const record = new Uint8Array(1 + 3 * 32 * 32); // what a .bin file repeats
 * record[0] = 3;
 * const dataset = parseCifar10(record);
 * console.log(dataset.count, CIFAR10_CLASSES[dataset.labels[0]!]); // 1 cat
 * ```
 */
export function parseCifar10(bytes: Uint8Array, options: ParseCifar10Options = {}): ImageDataset {
  refuseUnknown('parseCifar10', options, ['name', 'limits']);
  const { name = 'cifar10', limits = {} } = options;
  refuseUnknown('parseCifar10', limits, ['images']);
  const { images: limit = 100_000 } = limits;
  checkNumber('parseCifar10', 'limits.images', limit, 0, Infinity);
  if (bytes.length === 0 || bytes.length % RECORD !== 0) {
    throw new NetSpaceError(
      'CORRUPT_FILE',
      `parseCifar10: expected whole records of ${RECORD} bytes in ${name}, got ${bytes.length} bytes; take a .bin file of the binary version, unpacked`,
    );
  }
  const count = bytes.length / RECORD;
  if (count > limit) {
    throw new NetSpaceError(
      'LIMIT_EXCEEDED',
      `parseCifar10: expected at most ${limit} images in ${name}, got ${count}; raise \`limits.images\``,
    );
  }
  const images = new Uint8Array(count * 3 * PLANE);
  const labels = new Uint8Array(count);
  for (let n = 0; n < count; n++) {
    const record = n * RECORD;
    const label = bytes[record]!;
    if (label >= CIFAR10_CLASSES.length) {
      throw new NetSpaceError(
        'CORRUPT_FILE',
        `parseCifar10: expected labels from 0 to 9 in ${name}, got ${label} in record ${n}; is this CIFAR-10's binary version?`,
      );
    }
    labels[n] = label;
    planesToPixels(bytes.subarray(record + 1, record + RECORD), images, n * 3 * PLANE);
  }
  return createImageDataset({ name, images, labels, shape: [SIZE, SIZE, 3], classes: CIFAR10_CLASSES.length, ...IMAGENET_STATISTICS });
}

function planesToPixels(planes: Uint8Array, pixels: Uint8Array, offset: number): void {
  let to = offset;
  for (let i = 0; i < PLANE; i++) {
    pixels[to++] = planes[i]!;
    pixels[to++] = planes[PLANE + i]!;
    pixels[to++] = planes[2 * PLANE + i]!;
  }
}
