import { NetSpaceError, parameterCount } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import type { TaskContext, TaskRunner } from './train-task.js';

/**
 * Predicted PReps equal their targets, number by number: the auto-encoder of weights that spaces learned by behaviour are compared
 * with. It never runs a network, so that two networks that do the same in different weights are as far apart as any.
 */
export interface WeightsTask {
  readonly kind: 'weights';
}

/**
 * Makes a weights task ready to run: `mean_b Σ_i m_bi ((p_bi − t_bi) / σ_i)² / Σ_i m_bi`, t the PReps that the encoder was shown, p the
 * decoded ones, m 1 where a network has a parameter and 0 on padding, and σ the deviation of a space that normalises, otherwise 1.
 *
 * @throws NetSpaceError `UNSUPPORTED` with several architectures: nothing would teach the class head
 */
export function weightsTask(_task: WeightsTask, { space, instances }: TaskContext): TaskRunner {
  if (space.architectures.length > 1) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `trainNetSpace: expected a space of one architecture for a weights task, got ${space.architectures.length} architectures`,
    );
  }
  const [height, width] = space.config.prepShape;
  const counts = instances.map(({ architecture }) => parameterCount(architecture.parameters));
  return {
    terms: ['loss'],
    description: { kind: 'weights' },
    prepare(_step, nets) {
      const used = tf.tensor2d(nets.map((net) => [counts[net]!])); // [B, 1]
      const places = tf.range(0, height * width, 1); // [H · W]
      const mask = tf.div(tf.cast(tf.less(places, used), 'float32'), used); // [B, H · W]
      const weight = tf.div(mask, tf.square(tf.reshape(space.normalisation?.deviation ?? tf.ones([height, width]), [1, -1]))); // [B, H · W]
      return (preps) => {
        const difference = tf.squaredDifference(space.decode(space.encode(preps)).preps, preps); // [B, H, W]
        return [tf.div(tf.sum(tf.mul(tf.reshape(difference, mask.shape), weight)), nets.length)];
      };
    },
  };
}
