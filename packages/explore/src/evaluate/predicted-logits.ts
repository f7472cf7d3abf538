import { unpackPRep, unpackPReps, type Architecture } from '@netspace/prep';
import { unstack } from '@netspace/prep/internal';
import type * as tf from '@tensorflow/tfjs-core';

/** Runs every PRep of a batch `[B, H, W]` as a network of one architecture on the same inputs: one `[batch, classes]` each; differentiable. */
export function predictedLogits(preps: tf.Tensor3D, architecture: Architecture, inputs: tf.Tensor): tf.Tensor2D[] {
  if (preps.shape[0] > 1 && architecture.applyMany !== undefined) {
    return unstack(architecture.applyMany(unpackPReps(preps, architecture), inputs)) as tf.Tensor2D[];
  }
  return unstack(preps).map((prep) => architecture.apply(unpackPRep(prep as tf.Tensor2D, architecture), inputs) as tf.Tensor2D);
}
