import { NetSpaceError } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import type { ImageDataset } from './image-dataset.js';

/** A batch in the form that networks and losses read. */
export interface ImageBatch {
  /** `[batch, height, width, channels]`, float32, normalized with the data set's mean and standard deviation. */
  readonly images: tf.Tensor4D;
  /** `[batch]`, int32. */
  readonly labels: tf.Tensor1D;
}

/**
 * Gathers images of a data set as one normalized batch: `(byte / 255 − mean) / std`, channel by channel.
 *
 * @param indices which images, in the batch's order; repeats are fine
 * @returns tensors that the caller disposes
 * @throws NetSpaceError `INVALID_OPTION` if an index is not one of the data set's
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { createImageDataset, imageBatch } from '@netspace/zoo';
 *
 * const dataset = createImageDataset({
 *   name: 'grays', images: Uint8Array.of(0, 255), labels: Uint8Array.of(0, 1),
 *   shape: [1, 1, 1], classes: 2, mean: [0.5], std: [0.5],
 * });
 * const { images } = imageBatch(dataset, [1, 0]);
 * console.log([...(await images.data())]); // [ 1, -1 ]
 * ```
 */
export function imageBatch(dataset: ImageDataset, indices: ArrayLike<number>): ImageBatch {
  assertIndices('imageBatch', dataset, indices);
  const [height, width, channels] = dataset.shape;
  const size = height * width * channels;
  const table = normalizationTable(dataset);
  const values = new Float32Array(indices.length * size);
  let to = 0;
  for (let k = 0; k < indices.length; k++) {
    const from = indices[k]! * size;
    for (let i = from; i < from + size;) {
      for (let channel = 0; channel < channels; channel++) values[to++] = table[channel * 256 + dataset.images[i++]!]!;
    }
  }
  return toBatch(dataset, indices, values);
}

/**
 * The batches of several networks side by side in their channels, as `applyMany` of a trainable form takes them; each as `imageBatch` gathers it.
 *
 * @param batches the indices of each network's images, all of one length
 * @returns images `[batch, height, width, networks · channels]` and labels `[networks · batch]`; the caller disposes them
 */
export function wideImageBatch(dataset: ImageDataset, batches: readonly ArrayLike<number>[]): ImageBatch {
  for (const indices of batches) assertIndices('wideImageBatch', dataset, indices);
  const [height, width, channels] = dataset.shape;
  const [size, count] = [height * width * channels, batches[0]!.length];
  const table = normalizationTable(dataset);
  const values = new Float32Array(batches.length * count * size);
  const starts = new Int32Array(batches.length);
  let to = 0;
  for (let image = 0; image < count; image++) {
    for (let k = 0; k < starts.length; k++) starts[k] = batches[k]![image]! * size;
    for (let pixel = 0; pixel < size; pixel += channels) {
      for (let k = 0; k < starts.length; k++) {
        const from = starts[k]! + pixel;
        for (let channel = 0; channel < channels; channel++) values[to++] = table[channel * 256 + dataset.images[from + channel]!]!;
      }
    }
  }
  return {
    images: tf.tensor4d(values, [count, height, width, batches.length * channels]),
    labels: tf.tensor1d(Int32Array.from(batches.flatMap((indices) => Array.from(indices, (index) => dataset.labels[index]!))), 'int32'),
  };
}

/** The normalized value of each byte in each channel, `[channels · 256]`: a look-up is cheaper than arithmetic per pixel. */
export function normalizationTable({ mean, std }: Pick<ImageDataset, 'mean' | 'std'>): Float32Array {
  const table = new Float32Array(mean.length * 256);
  for (let i = 0; i < table.length; i++) table[i] = ((i & 255) / 255 - mean[i >> 8]!) / std[i >> 8]!;
  return table;
}

/** Wraps gathered pixel values and the images' labels as tensors. */
export function toBatch({ labels, shape }: ImageDataset, indices: ArrayLike<number>, values: Float32Array): ImageBatch {
  const chosen = Int32Array.from(indices, (index) => labels[index]!);
  return { images: tf.tensor4d(values, [indices.length, ...shape]), labels: tf.tensor1d(chosen, 'int32') };
}

/** Refuses indices that are not inputs of the data set. */
export function assertIndices(caller: string, { name, count }: Pick<ImageDataset, 'name' | 'count'>, indices: ArrayLike<number>): void {
  for (let k = 0; k < indices.length; k++) {
    const index = indices[k]!;
    if (!(Number.isInteger(index) && index >= 0 && index < count)) {
      throw new NetSpaceError('INVALID_OPTION', `${caller}: expected indices from 0 to ${count - 1} for ${name}, got ${index} at ${k}`);
    }
  }
}
