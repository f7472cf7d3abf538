import { NetSpaceError } from '@netspace/prep';
import type { default as Sharp } from 'sharp';

import { readBytes } from './read-file.js';

const FILE_LIMIT = 4_000_000; // bytes of one image file
const AT_ONCE = 8; // files being read or decoded

interface DecodeRequest {
  /** The public function that reads, for messages. */
  readonly caller: string;
  /** Height and width that each image must have. */
  readonly size: number;
}

/** Decodes square images of one size into one array, NHWC with three channels; grayscale images get three equal ones. */
export async function decodeImages(paths: readonly string[], { caller, size }: DecodeRequest): Promise<Uint8Array> {
  const stride = size * size * 3;
  const images = new Uint8Array(paths.length * stride);
  const sharp = await loadSharp(caller);
  const queue = paths.entries();
  const worker = async (): Promise<void> => {
    for (const [i, path] of queue) images.set(await decodeImage(path, { caller, size, sharp }), i * stride);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return images;
}

/** The image decoder, which is installed only where images are read. */
export async function loadSharp(caller: string): Promise<typeof Sharp> {
  try {
    return (await import('sharp')).default;
  } catch (cause) {
    const message = `${caller}: expected the package sharp, which decodes images, got none that loads; run \`npm install sharp\``;
    throw new NetSpaceError('UNAVAILABLE', message, { cause });
  }
}

async function decodeImage(path: string, { caller, size, sharp }: DecodeRequest & { readonly sharp: typeof Sharp }): Promise<Uint8Array> {
  const bytes = await readBytes(path, { caller, expected: 'an image', limit: FILE_LIMIT });
  const corrupt = (got: string, cause?: unknown): NetSpaceError =>
    new NetSpaceError('CORRUPT_FILE', `${caller}: expected an image of ${size} × ${size} at ${path}, got ${got}`, { cause });
  if (bytes.length === 0) throw corrupt('an empty file'); // sharp would refuse it as an argument
  const image = sharp(bytes, { limitInputPixels: 16 * size * size })
    .toColourspace('srgb')
    .removeAlpha()
    .raw();
  const { data, info } = await image.toBuffer({ resolveWithObject: true }).catch((cause: unknown) => {
    throw corrupt(`something that cannot be decoded: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  });
  if (info.width !== size || info.height !== size) throw corrupt(`one of ${info.height} × ${info.width}`);
  return data;
}
