import { type LatentObjective, optimizeLatent } from '@netspace/explore';
import { classIdLoss, singleArchitectureLoss } from '@netspace/losses';
import type { NetSpace } from '@netspace/model';
import { type Instance, unpackPReps } from '@netspace/prep';
import { imageBatch, type ImageDataset } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { REFINEMENT, SPACE } from './settings.js';

/**
 * Moves embeddings until each one decodes to a network that answers as its target does: `refineEmbedding` for several targets of one
 * architecture at once, by the loss that the space was trained with, the class loss at its full weight. This takes less than half of the time. Nothing is trained, and the space
 * does not change.
 *
 * @param targets networks of one architecture
 * @param start where their embeddings start, `[targets, E]`
 * @param images what targets and predicted networks are compared on
 * @returns `[targets, E]`, which the caller disposes
 */
export async function refineTogether(
  space: NetSpace,
  targets: readonly Instance[],
  start: tf.Tensor2D,
  images: ImageDataset,
): Promise<tf.Tensor2D> {
  const { steps, learningRate, batchSize } = REFINEMENT;
  const { relative, accuracyGap } = SPACE.task; // what the space was trained by
  const [{ architecture }] = targets as [Instance];
  const classId = space.classIdOf(architecture.name);
  const distance = ({ preps, classLogits }: Parameters<LatentObjective>[0], step: number): tf.Scalar => {
    const { images: x, labels } = imageBatch(
      images,
      Array.from({ length: batchSize }, (_, i) => (step * batchSize + i) % images.count),
    );
    const predicted = tf.unstack(architecture.applyMany!(unpackPReps(preps, architecture), x)) as tf.Tensor2D[];
    const wanted = targets.map(({ parameters }) => architecture.apply(parameters, x) as tf.Tensor2D);
    const difference = singleArchitectureLoss(predicted, wanted, { relative, accuracyGap, labels });
    const ofClass = classIdLoss(classLogits!, Array<number>(targets.length).fill(classId), { reduction: 'mean' });
    return tf.add(difference, ofClass);
  };
  const { embedding } = await optimizeLatent(space, start, {
    ...{ loss: Object.assign(distance, { classId }), steps, keep: 'last' },
    learningRate: (step) => learningRate * Math.max(1e-6, 1 - step / steps), // to zero in a straight line
  });
  return embedding;
}
