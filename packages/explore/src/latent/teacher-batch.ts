import type { Instance } from '@netspace/prep';
import { imageBatch, type ImageDataset } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import type { LatentBatch } from './latent-objective.js';

/**
 * Some images of a data set with their labels, and what a teacher says of them: a batch for `latentObjective`.
 *
 * @param indices of the images
 * @returns tensors that the caller disposes
 * @throws NetSpaceError as `imageBatch`
 * @example
 * ```ts
 * import { latentObjective, teacherBatch } from '@netspace/explore';
 * import type { NetSpace } from '@netspace/model';
 * import type { Instance } from '@netspace/prep';
 * import type { ImageDataset } from '@netspace/zoo';
 *
 * const objective = (space: NetSpace, teacher: Instance, train: ImageDataset) =>
 *   latentObjective({ space, batch: (step) => teacherBatch(train, [2 * step, 2 * step + 1], teacher) });
 * ```
 */
export function teacherBatch(dataset: ImageDataset, indices: ArrayLike<number>, teacher: Instance): Required<LatentBatch> {
  const { images, labels } = imageBatch(dataset, indices);
  return { images, labels, teacher: tf.tidy(() => teacher.architecture.apply(teacher.parameters, images) as tf.Tensor2D) };
}
