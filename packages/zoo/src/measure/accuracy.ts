import type { Instance } from '@netspace/prep';

import type { ImageDataset } from '../datasets/image-dataset.js';
import { predictClasses, seenLabels, type EvaluationOptions } from './predict-classes.js';

/**
 * The fraction of images to which a network gives their label.
 *
 * @returns in [0, 1]
 * @throws NetSpaceError as `predictClasses`
 */
export async function accuracy(instance: Instance, dataset: ImageDataset, options: EvaluationOptions = {}): Promise<number> {
  return matches(await predictClasses(instance, dataset, options), seenLabels(dataset, options));
}

/** The fraction of `classes` that equal the number at the same place of `expected`. */
export const matches = (classes: Int32Array, expected: ArrayLike<number>): number =>
  classes.reduce((sum, value, i) => sum + Number(value === expected[i]), 0) / classes.length;
