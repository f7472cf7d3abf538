import { NetSpaceError, type Instance } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { evenlySpread } from '../datasets/evenly-spread.js';
import { imageBatch } from '../datasets/image-batch.js';
import type { ImageDataset } from '../datasets/image-dataset.js';

export interface EvaluationOptions {
  /**
   * How many images to run at once; memory grows with it, results do not depend on it.
   *
   * @default 250
   */
  readonly batchSize?: number;
  /**
   * Look at so many images only, evenly spread over the data set: its first may all be of one class.
   *
   * @default all images
   */
  readonly limit?: number;
}

/**
 * The class that a network gives each image of a data set: the arg-max of its logits.
 *
 * @returns one class an image looked at, in the data set's order, `[images]`
 * @throws NetSpaceError `INVALID_OPTION` if the batch size or limit is not a positive integer or there are no images, `SHAPE_MISMATCH` if
 * the network has not one output a class
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { initialize, lenetLike, parseCifar10, predictClasses } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ width: 0.25 });
 * const network = { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) };
 * const classes = await predictClasses(network, parseCifar10(new Uint8Array(4 * 3073)));
 * console.log(classes.length); // 4
 * ```
 */
export async function predictClasses(instance: Instance, dataset: ImageDataset, options: EvaluationOptions = {}): Promise<Int32Array> {
  const predicted: number[] = [];
  for (const indices of batchesOf('predictClasses', dataset, options)) {
    const classes = tf.tidy(() => tf.argMax(logitsOf('predictClasses', instance, dataset, imageBatch(dataset, indices).images), 1));
    predicted.push(...(await classes.data()));
    classes.dispose();
  }
  return Int32Array.from(predicted);
}

/** The indices of each batch in turn. */
export function batchesOf(
  caller: string,
  { name, count }: ImageDataset,
  { batchSize = 250, limit = count }: EvaluationOptions,
): number[][] {
  for (const [key, value] of Object.entries({ batchSize, ...(limit === count ? {} : { limit }) })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new NetSpaceError('INVALID_OPTION', `${caller}: expected ${key} to be a positive whole number, got ${value}`);
    }
  }
  if (count === 0) throw new NetSpaceError('INVALID_OPTION', `${caller}: expected at least one image, got the empty data set ${name}`);
  const indices = seenOf(count, limit);
  return Array.from({ length: Math.ceil(indices.length / batchSize) }, (_, batch) =>
    indices.slice(batch * batchSize, (batch + 1) * batchSize),
  );
}

/** The labels of the images that are looked at, in the data set's order. */
export const seenLabels = ({ labels, count }: ImageDataset, { limit = count }: EvaluationOptions): number[] =>
  seenOf(count, limit).map((index) => labels[index]!);

const seenOf = (count: number, limit: number): number[] => evenlySpread(Math.min(limit, count), count);

/** Runs a network and checks that it has one output a class, `[batch, classes]`. */
export function logitsOf(
  caller: string,
  { architecture, parameters }: Instance,
  { name, classes }: ImageDataset,
  images: tf.Tensor,
): tf.Tensor2D {
  const logits = architecture.apply(parameters, images);
  if (logits.rank !== 2 || logits.shape[1] !== classes) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `${caller}: expected ${architecture.name} to have ${classes} outputs for ${name}, got [${logits.shape}]; use a data set of its task`,
    );
  }
  return logits as tf.Tensor2D;
}
