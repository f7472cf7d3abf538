import type { Instance } from '@netspace/prep';
import { parseOptions } from '@netspace/prep/internal';
import { accuracy, type EvaluationOptions, type LabeledDataset } from '@netspace/zoo';
import { evaluationOptions } from '@netspace/zoo/internal';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Measures networks one after the other, and disposes the parameters of each when it is measured.
 *
 * @returns the fraction of images that each classifies rightly, in order
 * @throws NetSpaceError as `accuracy`
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { accuraciesOf, interpolateWeights } from '@netspace/explore';
 * import { initialize, lenetLike, parseCifar10 } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ width: 0.1 });
 * const [a, b] = [1, 2].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) }));
 * const images = parseCifar10(new Uint8Array(4 * 3073)); // four black airplanes
 * const accuracies = await accuraciesOf(interpolateWeights(a!, b!, [0.25, 0.5, 0.75]), images);
 * console.log(accuracies.length); // 3
 * ```
 */
export async function accuraciesOf(
  instances: readonly Instance[],
  dataset: LabeledDataset,
  options: EvaluationOptions = {},
): Promise<readonly number[]> {
  parseOptions('accuraciesOf', evaluationOptions, options); // checked before this function owns the networks
  const values: number[] = [];
  try {
    for (const instance of instances) values.push(await accuracy(instance, dataset, options));
  } finally {
    tf.dispose(instances.map(({ parameters }) => [...parameters]));
  }
  return values;
}
