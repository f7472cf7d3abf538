import { unpackPRep, unpackPReps, type Architecture } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

/** Runs every PRep of a batch `[B, H, W]` as a network of one architecture on the same inputs: one `[batch, classes]` each; differentiable. */
export function predictedLogits(preps: tf.Tensor3D, architecture: Architecture, inputs: tf.Tensor): tf.Tensor2D[] {
  const [count, height, width] = preps.shape;
  if (count === 1) {
    const prep: tf.Tensor2D = tf.reshape(preps, [height, width]); // not tf.unstack, whose gradient fails for a single output
    return [architecture.apply(unpackPRep(prep, architecture), inputs) as tf.Tensor2D];
  }
  if (architecture.applyMany !== undefined) {
    return tf.unstack(architecture.applyMany(unpackPReps(preps, architecture), inputs)) as tf.Tensor2D[];
  }
  return tf.unstack(preps).map((prep) => architecture.apply(unpackPRep(prep as tf.Tensor2D, architecture), inputs) as tf.Tensor2D);
}
