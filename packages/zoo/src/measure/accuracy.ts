import type { Instance } from '@netspace/prep';

import type { LabeledDataset } from '../datasets/tensors/tensor-dataset.js';
import { predictClasses, seenLabels, type EvaluationOptions } from './predict-classes.js';

/**
 * The fraction of images to which a network gives their label. An output of NaN or infinity counts as wrong.
 *
 * @returns in [0, 1]
 * @throws NetSpaceError as `predictClasses`
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { accuracy, initialize, lenetLike, parseCifar10 } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ width: 0.25 });
 * const network = { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) };
 * const dataset = parseCifar10(new Uint8Array(4 * 3073)); // four black airplanes
 * console.log(await accuracy(network, dataset)); // 0
 * ```
 */
export async function accuracy(instance: Instance, dataset: LabeledDataset, options: EvaluationOptions = {}): Promise<number> {
  return matches(await predictClasses(instance, dataset, options), seenLabels(dataset, options));
}

/** The fraction of `classes` that equal the number at the same place of `expected`; −1 is no class and equals none. */
export const matches = (classes: Int32Array, expected: ArrayLike<number>): number =>
  classes.reduce((sum, value, i) => sum + Number(value >= 0 && value === expected[i]), 0) / classes.length;
