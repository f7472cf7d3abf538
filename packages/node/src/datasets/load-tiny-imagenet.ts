import { join } from 'node:path';

import { NetSpaceError } from '@netspace/prep';
import { type GivenBy, limitsOf, listOf, objectOf, oneOf, optional, parseOptions, text, withDefault } from '@netspace/prep/internal'; // prettier-ignore
import {
  createImageDataset,
  IMAGENET_STATISTICS,
  parseValAnnotations,
  parseWnids,
  TINY_IMAGENET_SIZE,
  type ImageDataset,
} from '@netspace/zoo';

import { decodeImages } from './decode-images.js';
import { folderNames, readText } from './read-file.js';

const INDEX_LIMIT = 16_000_000; // bytes of wnids.txt or val_annotations.txt
const EXPECTED = 'the Tiny-ImageNet folder (wnids.txt, train/WNID/images/*.JPEG, val/val_annotations.txt, val/images/*.JPEG)';
const SIZE = TINY_IMAGENET_SIZE;

/** See {@link LoadTinyImageNetOptions}. */
export const loadTinyImageNetOptions = objectOf({
  /** @default 'train' */
  split: withDefault(oneOf(['train', 'val']), 'train'),
  /**
   * WordNet ids to load; the first gets label 0.
   * @default all of `wnids.txt` in its order
   */
  classes: optional(listOf(text, 'a list of WordNet ids')),
  /** Limits that are checked before anything is decoded. `images` is 200,000 unless given; the official training set has 100,000 images. */
  limits: limitsOf({ images: 200_000 }),
});

/** Options of {@link loadTinyImageNet}. */
export interface LoadTinyImageNetOptions extends GivenBy<typeof loadTinyImageNetOptions> {}

/**
 * Loads Tiny-ImageNet from its official folder layout, as many classes and images as there are; grayscale files get three equal channels.
 *
 * @param directory the folder with `wnids.txt`
 * @returns images of shape `[64, 64, 3]`: training images class by class in the order of their numbers, validation images in the order of
 * `val_annotations.txt`
 * @throws NetSpaceError `NOT_FOUND` if the folder, a listed file or a class is missing, `CORRUPT_FILE` if an index or image cannot be read
 * or an image is not 64 × 64, `LIMIT_EXCEEDED` if there are more images than `limits.images`
 * @see http://cs231n.stanford.edu/tiny-imagenet-200.zip
 * @example
 * ```ts no-run
 * import { loadTinyImageNet } from '@netspace/node';
 *
 * const train = await loadTinyImageNet('data/tiny-imagenet-200');
 * const val = await loadTinyImageNet('data/tiny-imagenet-200', { split: 'val' });
 * ```
 */
export async function loadTinyImageNet(directory: string, options: LoadTinyImageNetOptions = {}): Promise<ImageDataset> {
  const { split, classes, limits } = parseOptions('loadTinyImageNet', loadTinyImageNetOptions, options);
  const wnids = await listedClasses(directory, classes);
  const files = split === 'train' ? await trainingFiles(directory, wnids) : await validationFiles(directory, wnids);
  if (files.length > limits.images) {
    throw new NetSpaceError(
      'LIMIT_EXCEEDED',
      `loadTinyImageNet: expected at most ${limits.images} images in ${directory}, got ${files.length}; name fewer \`classes\` or raise \`limits.images\``,
    );
  }
  const paths = files.map(({ path }) => path);
  return createImageDataset({
    name: `tiny-imagenet-${split}`,
    images: await decodeImages(paths, { caller: 'loadTinyImageNet', size: SIZE }),
    labels: Uint16Array.from(files, ({ label }) => label),
    shape: [SIZE, SIZE, 3],
    classes: wnids.length,
    ...IMAGENET_STATISTICS,
  });
}

interface LabeledFile {
  readonly path: string;
  readonly label: number;
}

const request = { caller: 'loadTinyImageNet', expected: EXPECTED };

async function listedClasses(directory: string, chosen: readonly string[] | undefined): Promise<readonly string[]> {
  const listed = parseWnids(await readText(join(directory, 'wnids.txt'), { ...request, limit: INDEX_LIMIT }));
  const unknown = chosen?.find((wnid) => !listed.includes(wnid));
  if (unknown !== undefined) {
    throw new NetSpaceError(
      'NOT_FOUND',
      `loadTinyImageNet: expected \`classes\` out of the ${listed.length} of wnids.txt in ${directory}, got ${unknown}`,
    );
  }
  return chosen ?? listed;
}

async function trainingFiles(directory: string, wnids: readonly string[]): Promise<LabeledFile[]> {
  const lists = wnids.map(async (wnid, label) => {
    const folder = join(directory, 'train', wnid, 'images');
    const names = (await folderNames(folder, request)).filter((name) => name.endsWith('.JPEG'));
    return names.sort(byNumber).map((name) => ({ path: join(folder, name), label }));
  });
  return (await Promise.all(lists)).flat();
}

async function validationFiles(directory: string, wnids: readonly string[]): Promise<LabeledFile[]> {
  const text = await readText(join(directory, 'val', 'val_annotations.txt'), { ...request, limit: INDEX_LIMIT });
  const labels = new Map(wnids.map((wnid, label) => [wnid, label]));
  return parseValAnnotations(text).flatMap(({ file, wnid }) => {
    const label = labels.get(wnid);
    return label === undefined ? [] : [{ path: join(directory, 'val', 'images', file), label }];
  });
}

const byNumber = new Intl.Collator('en', { numeric: true }).compare; // n…_2.JPEG before n…_10.JPEG
