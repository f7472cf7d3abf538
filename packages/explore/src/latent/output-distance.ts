import { clampedSdfLoss, distillationLoss, occupancyLoss, squaredErrorLoss } from '@netspace/losses';
import type { Architecture } from '@netspace/prep';
import type * as tf from '@tensorflow/tfjs-core';

/** How far a network's outputs are from the target's on the same inputs. */
export type OutputDistance = (values: tf.Tensor, wanted: tf.Tensor) => tf.Scalar;

/**
 * The distance that fits what networks give: for classifiers `L_kl` of equation (3), for signed distances `clampedSdfLoss` up to `clip`, for occupancy
 * `occupancyLoss`, for other networks equation (2).
 */
export function outputDistance({ purpose }: Pick<Architecture, 'purpose'>, clip: number): OutputDistance {
  if (purpose === 'classifier') return (values, wanted) => distillationLoss(values as tf.Tensor2D, wanted as tf.Tensor2D);
  if (purpose === 'sdf') return (values, wanted) => clampedSdfLoss(values, wanted, { clamp: clip });
  return purpose === 'occupancy' ? occupancyLoss : squaredErrorLoss;
}
