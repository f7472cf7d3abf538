import { rawToFloat32, readSafetensors } from '@netspace/formats';
import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { createImageDataset, type ImageDataset } from '@netspace/zoo';

import { FOLDER_LIMITS } from '../../folder/limits.js';
import type { ExplorerManifest } from '../../folder/manifest.js';

/**
 * The labeled images of a folder, as networks are run on them.
 *
 * @throws NetSpaceError `CORRUPT_FILE` if images, labels, classes and statistics do not go together, `LIMIT_EXCEEDED` for more images than
 *   allowed; as `readSafetensors`
 */
export function readSample(
  bytes: Uint8Array,
  sample: NonNullable<ExplorerManifest['sample']>,
  classNames?: readonly string[],
): ImageDataset {
  const { file, mean, std } = sample;
  const { tensors } = readSafetensors(bytes);
  const [images, labels] = [tensors.get('images'), tensors.get('labels')];
  if (images?.dtype !== 'U8' || images.shape.length !== 4) throw corrupt(file, 'images U8 [N, C, H, W]', describe(images));
  const [count, channels, height, width] = images.shape as [number, number, number, number];
  if (count > FOLDER_LIMITS.sampleImages) {
    throw new NetSpaceError('LIMIT_EXCEEDED', `${file}: expected at most ${FOLDER_LIMITS.sampleImages} images, got ${count}`);
  }
  const isLabels = (labels?.dtype === 'U8' || labels?.dtype === 'I32') && labels.shape.length === 1 && labels.shape[0] === count;
  if (!isLabels || count === 0) throw corrupt(file, `labels U8 or I32 [${count}]`, describe(labels));
  const numbers = rawToFloat32(labels);
  const classes = classNames?.length ?? Math.max(...numbers) + 1;
  const bad = numbers.findIndex((label) => label < 0 || label >= Math.min(256, classes));
  if (bad >= 0) throw corrupt(file, `labels from 0 to ${Math.min(256, classes) - 1}`, `${numbers[bad]} for image ${bad}`);
  try {
    return createImageDataset({
      name: 'sample',
      images: channelsLast(images.data, count, channels, height * width),
      labels: Uint8Array.from(numbers),
      shape: [height, width, channels],
      classes,
      mean,
      std,
    });
  } catch (error) {
    if (isNetSpaceError(error)) throw corrupt(file, 'images, labels and statistics that go together', (error as Error).message);
    throw error;
  }
}

/** NCHW → NHWC. */
function channelsLast(images: Uint8Array, count: number, channels: number, pixels: number): Uint8Array<ArrayBuffer> {
  const moved = new Uint8Array(images.length);
  let from = 0;
  for (let i = 0; i < count; i++) {
    for (let channel = 0; channel < channels; channel++) {
      for (let pixel = 0; pixel < pixels; pixel++) moved[(i * pixels + pixel) * channels + channel] = images[from++]!;
    }
  }
  return moved;
}

const describe = (raw: { readonly dtype: string; readonly shape: readonly number[] } | undefined): string =>
  raw === undefined ? 'none' : `${raw.dtype} [${raw.shape}]`;

const corrupt = (file: string, expected: string, got: string): NetSpaceError =>
  new NetSpaceError('CORRUPT_FILE', `${file}: expected ${expected}, got ${got}; export the space again (netspace export)`);
