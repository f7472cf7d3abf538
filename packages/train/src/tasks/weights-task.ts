import type { NetSpace } from '@netspace/model';
import { NetSpaceError, parameterCount, type Architecture } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import type { TaskContext, TaskRunner } from './train-task.js';

/**
 * Predicted PReps equal their targets, number by number: the auto-encoder of weights that spaces learned by behavior are compared
 * with. It never runs a network, so that two networks that do the same in different weights are as far apart as any.
 */
export interface WeightsTask {
  readonly kind: 'weights';
}

/**
 * Makes a weights task ready to run: `mean_b Σ_i m_bi ((p_bi − t_bi) / σ_i)² / Σ_i m_bi`, t the PReps that the encoder was shown, p the
 * decoded ones, m 1 where a network has a parameter and 0 on padding, and σ the deviation of a space that normalizes, otherwise 1.
 *
 * @throws NetSpaceError `UNSUPPORTED` with several architectures: nothing would teach the class head
 */
export function weightsTask(_task: WeightsTask, { space }: TaskContext): TaskRunner {
  const [architecture, another] = space.architectures;
  if (architecture === undefined || another !== undefined) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `trainNetSpace: expected a space of one architecture for a weights task, got ${space.architectures.length} architectures`,
    );
  }
  const weight = tf.tidy(() => elementWeights(architecture, space));
  return {
    terms: ['loss'],
    description: { kind: 'weights' },
    prepare: (_step, nets) => (batch) => {
      const difference = tf.squaredDifference(space.decode(space.encode(batch)).preps, batch.preps); // [B, H, W]
      return [tf.div(tf.sum(tf.mul(difference, weight)), nets.length)];
    },
    dispose: () => weight.dispose(),
  };
}

/** `[1, H, W]`: what an element's squared error counts in a network's loss, m / (σ² Σ m). */
function elementWeights({ parameters }: Architecture, { config, normalization }: NetSpace): tf.Tensor3D {
  const [height, width] = config.prepShape;
  const used = parameterCount(parameters);
  const places = tf.reshape(tf.range(0, height * width), [1, height, width]);
  const share = tf.div<tf.Tensor3D>(tf.cast(tf.less(places, used), 'float32'), used);
  return normalization === undefined ? share : tf.div(share, tf.square(normalization.deviation));
}
