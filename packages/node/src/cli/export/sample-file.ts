import { writeSafetensors } from '@netspace/formats';
import { thinDataset, type ImageDataset } from '@netspace/zoo';

import type { ExplorerManifest } from '@netspace/explorer';

/**
 * Some images of a data set, evenly spread, as safetensors, and what a reader has to know of them.
 *
 * @param count how many; all if there are fewer
 */
export function sampleFile(
  dataset: ImageDataset,
  count: number,
  file: string,
): { readonly bytes: Uint8Array; readonly facts: NonNullable<ExplorerManifest['sample']> } {
  const { images, labels, shape, mean, std, count: taken } = thinDataset(dataset, count);
  const [height, width, channels] = shape;
  const bytes = writeSafetensors(
    new Map([
      ['images', { dtype: 'U8', shape: [taken, channels, height, width], data: channelsFirst(images, shape) }],
      ['labels', { dtype: 'I32', shape: [taken], data: Int32Array.from(labels) }],
    ]),
  );
  const source = taken === dataset.count ? `all ${taken} images of ${dataset.name}` : `${taken} of ${dataset.count} images of ${dataset.name}, evenly spread`; // prettier-ignore
  return { bytes, facts: { file, mean, std, source } };
}

/** `[N, H, W, C]` to `[N, C, H, W]`. */
export function channelsFirst(images: Uint8Array, [height, width, channels]: readonly [number, number, number]): Uint8Array {
  const pixels = height * width;
  return images.map((_, to) => {
    const [image, rest] = [Math.floor(to / (pixels * channels)), to % (pixels * channels)];
    return images[image * pixels * channels + (rest % pixels) * channels + Math.floor(rest / pixels)]!;
  });
}
