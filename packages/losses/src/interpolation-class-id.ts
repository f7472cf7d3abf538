import type * as tf from '@tensorflow/tfjs-core';

import { NetSpaceError } from '@netspace/prep';

import { classIdLoss } from './class-id.js';

/**
 * ClassId loss of interpolated samples: how improbable the class head finds the architecture that γ stands for.
 *
 * `Σ_s −log softmax(classLogits_s)[c^γ]`, `c^γ = (1 − γ) · 0 + γ (A − 1)`: equation (7), summed over the samples.
 *
 * @param classLogits of the interpolated embeddings, `[samples, architectures]`
 * @param gammas the interpolation factor of each sample, from the γ schedule
 * @returns scalar, in nats
 * @throws NetSpaceError `SHAPE_MISMATCH` if there is not one γ per row, `INVALID_OPTION` if a γ falls between two architectures
 */
export function interpolationClassIdLoss(classLogits: tf.Tensor2D, gammas: readonly number[]): tf.Scalar {
  const intervals = classLogits.shape[1] - 1;
  const targets = gammas.map((gamma) => {
    const target = Math.round(gamma * intervals);
    if (Math.abs(target - gamma * intervals) <= 1e-3) return target;
    throw new NetSpaceError(
      'INVALID_OPTION',
      `interpolationClassIdLoss: expected multiples of 1/${intervals}, got ${gamma}; use gammaSchedule(${intervals + 1})`,
    );
  });
  return classIdLoss(classLogits, targets);
}
