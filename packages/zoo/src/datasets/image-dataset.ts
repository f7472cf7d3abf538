import { NetSpaceError } from '@netspace/prep';
import { refuseUnknown } from '@netspace/prep/internal';

/** Labeled images of one size, all in memory as bytes. */
export interface ImageDataset {
  /** Its name, for reports: `cifar10-train`. */
  readonly name: string;
  /** `count · height · width · channels` bytes, image after image, channels last (NHWC). */
  readonly images: Uint8Array;
  /** One class number per image, from 0 to `classes` − 1. */
  readonly labels: Uint8Array | Uint16Array;
  readonly count: number;
  readonly shape: readonly [height: number, width: number, channels: number];
  readonly classes: number;
  /** The number that a batch subtracts, for each channel, of pixels scaled to 0..1. */
  readonly mean: readonly number[];
  /** The number by which a batch divides, for each channel, of pixels scaled to 0..1. */
  readonly std: readonly number[];
}

/** ImageNet's channel statistics, with which the paper's authors normalize CIFAR-10 and Tiny-ImageNet alike. */
export const IMAGENET_STATISTICS = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;

/** MNIST's pixel statistics. */
export const MNIST_STATISTICS = { mean: [0.1307], std: [0.3081] } as const;

/**
 * Makes a data set from your own bytes, after checking that all parts agree.
 *
 * @throws NetSpaceError `SHAPE_MISMATCH` if the bytes, labels or channel statistics do not fit `shape`, `INVALID_OPTION` if a label is
 * not below `classes`, a part is unknown or missing, images or labels are not arrays of whole numbers, a statistic is not finite, or a
 * deviation is not positive
 * @example
 * ```ts
 * import { createImageDataset, MNIST_STATISTICS } from '@netspace/zoo';
 *
 * const dataset = createImageDataset({
 *   name: 'mine', images: new Uint8Array(3 * 28 * 28), labels: Uint8Array.of(7, 1, 0),
 *   shape: [28, 28, 1], classes: 10, ...MNIST_STATISTICS,
 * });
 * console.log(dataset.count); // 3
 * ```
 */
export function createImageDataset(parts: Omit<ImageDataset, 'count'>): ImageDataset {
  refuseUnknown('createImageDataset', parts, [...PARTS, 'count']); // drops `count` of a data set whose other parts are used again
  checkArrays(parts);
  const { name, images, labels, shape, classes, mean, std } = parts;
  const [height, width, channels] = shape;
  const expected = labels.length * height * width * channels;
  if (images.length !== expected) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `createImageDataset: expected ${expected} bytes for ${labels.length} images of [${shape}] in ${name}, got ${images.length}; pass NHWC bytes and one label per image`,
    );
  }
  if (mean.length !== channels || std.length !== channels) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `createImageDataset: expected a mean and a standard deviation for each of ${channels} channels of ${name}, got ${mean.length} and ${std.length}`,
    );
  }
  if (![...mean, ...std].every(Number.isFinite)) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `createImageDataset: expected finite means and deviations of ${name}, got [${mean}] and [${std}]; use 0 and 1 for no scaling`,
    );
  }
  if (!std.every((value) => value > 0)) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `createImageDataset: expected positive standard deviations, got [${std}]; use 1 for no scaling`,
    );
  }
  const outside = labels.findIndex((label: number) => label >= classes);
  if (outside >= 0) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `createImageDataset: expected labels below ${classes} in ${name}, got ${labels[outside]} for image ${outside}; raise \`classes\` or mend the label`,
    );
  }
  return { name, images, labels, count: labels.length, shape, classes, mean, std };
}

const PARTS = ['name', 'images', 'labels', 'shape', 'classes', 'mean', 'std'] as const;

/** Arrays of these kinds can hold only whole numbers of at least 0. */
function checkArrays(parts: Omit<ImageDataset, 'count'>): void {
  const { name, images, labels, shape, classes } = parts;
  const kind = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);
  const refuse = (what: string, remedy: string): never => {
    throw new NetSpaceError('INVALID_OPTION', `createImageDataset: expected ${what} in ${name}; ${remedy}`);
  };
  const missing = PARTS.find((part) => (parts as Partial<typeof parts>)[part] === undefined);
  if (missing !== undefined) refuse(`${missing}, got nothing`, `give all of ${PARTS.join(', ')}`);
  if (!/^Uint8(Clamped)?Array$/.test(kind(images))) refuse(`a Uint8Array as images, got ${kind(images)}`, 'scale pixels to 0..255');
  if (!/^Uint(8|16)Array$/.test(kind(labels))) refuse(`a Uint8Array or Uint16Array as labels, got ${kind(labels)}`, 'number the classes from 0'); // prettier-ignore
  if (![...shape, classes].every((size) => Number.isInteger(size) && size > 0)) {
    refuse(`a shape and a number of classes in positive integers, got [${shape}] and ${classes}`, 'shape is [height, width, channels]');
  }
}

/** An empty label array that holds every class number. */
export const labelArray = (count: number, classes: number): Uint8Array | Uint16Array =>
  classes <= 256 ? new Uint8Array(count) : new Uint16Array(count);
