import type { Instance } from '@netspace/prep';
import { type GivenBy, instanceOfOutput, objectOf, optional, parseOptions, text } from '@netspace/prep/internal';
import type { LabeledDataset } from '@netspace/zoo';
import { labeledBatch } from '@netspace/zoo/internal';
import * as tf from '@tensorflow/tfjs-core';

import type { LatentBatch } from './latent-objective.js';

/** See {@link TeacherBatchOptions}. */
export const teacherBatchOptions = objectOf({
  /**
   * Name of the teacher's output that is imitated, if it has several.
   * @default the only one
   */
  output: optional(text),
});

/** Options of {@link teacherBatch}. */
export interface TeacherBatchOptions extends GivenBy<typeof teacherBatchOptions> {}

/**
 * Some images of a data set with their labels and a teacher's logits: a batch for `latentObjective`.
 *
 * @param indices of the images
 * @returns tensors that the caller disposes
 * @throws NetSpaceError as `imageBatch`; `INVALID_OPTION` if the teacher has several outputs and none is named, `NOT_FOUND` if none has the name
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { teacherBatch } from '@netspace/explore';
 * import { initialize, lenetLike, parseCifar10 } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ width: 0.1 });
 * const teacherNetwork = { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) };
 * const dataset = parseCifar10(new Uint8Array(4 * 3073)); // four black airplanes
 * const { images, labels, teacher } = teacherBatch(dataset, [0, 3], teacherNetwork);
 * console.log(images.shape, teacher.shape, await labels.array()); // [ 2, 32, 32, 3 ] [ 2, 10 ] [ 0, 0 ]
 * ```
 */
export function teacherBatch(
  dataset: LabeledDataset,
  indices: ArrayLike<number>,
  teacher: Instance,
  options: TeacherBatchOptions = {},
): Required<LatentBatch> {
  const { output } = parseOptions('teacherBatch', teacherBatchOptions, options);
  const { architecture, parameters } = instanceOfOutput('teacherBatch', teacher, output);
  const { images, labels } = labeledBatch(dataset, indices);
  return { images, labels, teacher: tf.tidy(() => architecture.apply(parameters, images) as tf.Tensor2D) };
}
