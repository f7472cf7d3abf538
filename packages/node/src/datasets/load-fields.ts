import { readdir } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';

import { NetSpaceError } from '@netspace/prep';
import type { NamedField } from '@netspace/train';
import { createTensorDataset, type TensorDataset } from '@netspace/zoo';

import { fileProblem } from '../files/file-problem.js';
import { byNumbers } from '../zoos/walk-files.js';
import { loadSharp } from './decode-images.js';
import { isTensorFile, loadTensors } from './load-tensors.js';
import { readBytes } from './read-file.js';

const PICTURES = /\.(png|jpe?g|webp)$/i;
/** Bytes of one picture's file, and pixels that it may have. */
const LIMITS = { bytes: 2 ** 26, pixels: 2 ** 26 } as const;

/**
 * The files of a folder as data sets, one a network: pictures as colors of coordinates, tensors with their inputs and targets.
 *
 * A picture's coordinates are x to the right and y down, from −1 to 1; its colors are from 0 to 1.
 *
 * @param size pixels on each side, to which pictures are scaled
 * @throws NetSpaceError `NOT_FOUND` if there is none, `CORRUPT_FILE` for a picture that cannot be decoded, `UNAVAILABLE` without the package
 *   sharp; as `loadTensors`
 */
export async function loadFields(folder: string, size: number): Promise<readonly NamedField[]> {
  const files = await readdir(folder).catch((error: unknown) => {
    throw fileProblem('zoo build', folder, error);
  });
  const chosen = files.filter((file) => PICTURES.test(file) || isTensorFile(file)).sort(byNumbers);
  if (chosen.length === 0) {
    throw new NetSpaceError('NOT_FOUND', `zoo build: expected pictures (.png, .jpg, .webp) or tensors (.npz, .csv, .safetensors) in ${folder}, got none; check the folder`); // prettier-ignore
  }
  const fields: NamedField[] = [];
  for (const file of chosen) {
    const path = join(folder, file);
    fields.push({
      name: basename(file, extname(file)),
      dataset: PICTURES.test(file) ? await pictureField(path, size) : await loadTensors(path),
    });
  }
  return fields;
}

async function pictureField(path: string, size: number): Promise<TensorDataset> {
  const sharp = await loadSharp('zoo build');
  const bytes = await readBytes(path, { caller: 'zoo build', expected: 'a picture', limit: LIMITS.bytes });
  const pixels = await sharp(bytes, { limitInputPixels: LIMITS.pixels })
    .resize(size, size, { fit: 'cover' })
    .toColourspace('srgb')
    .flatten()
    .removeAlpha()
    .raw()
    .toBuffer()
    .catch((cause: unknown) => {
      const words = cause instanceof Error ? cause.message : String(cause);
      throw new NetSpaceError('CORRUPT_FILE', `zoo build: expected a picture at ${path}, got something that cannot be decoded: ${words}`, { cause }); // prettier-ignore
    });
  const at = (pixel: number): number => (2 * pixel) / (size - 1) - 1;
  const inputs = Float32Array.from({ length: 2 * size * size }, (_, i) => at(i % 2 === 0 ? (i / 2) % size : Math.floor(i / 2 / size)));
  const targets = Float32Array.from(pixels, (byte) => byte / 255);
  return createTensorDataset({ name: basename(path), inputs, shape: [2], targets, targetShape: [3] });
}
