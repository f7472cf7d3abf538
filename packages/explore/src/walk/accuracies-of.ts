import type { Instance } from '@netspace/prep';
import { accuracy, type EvaluationOptions, type ImageDataset } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Measures networks that are needed no further, one after the other, and disposes their parameters.
 *
 * @returns the fraction of images that each classifies rightly, in order
 * @throws NetSpaceError as `accuracy`
 * @example
 * ```ts
 * import { accuraciesOf, interpolateWeights } from '@netspace/explore';
 * import type { Instance } from '@netspace/prep';
 * import type { ImageDataset } from '@netspace/zoo';
 *
 * const averages = (a: Instance, b: Instance, test: ImageDataset) => accuraciesOf(interpolateWeights(a, b, [0.25, 0.5, 0.75]), test);
 * ```
 */
export async function accuraciesOf(
  instances: readonly Instance[],
  dataset: ImageDataset,
  options: EvaluationOptions = {},
): Promise<readonly number[]> {
  const values: number[] = [];
  try {
    for (const instance of instances) values.push(await accuracy(instance, dataset, options));
  } finally {
    tf.dispose(instances.map(({ parameters }) => [...parameters]));
  }
  return values;
}
