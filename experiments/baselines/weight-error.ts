import type { NetSpace } from '@netspace/model';
import * as tf from '@tensorflow/tfjs-core';

import type { Member } from '../shared/zoo-stage.js';

/** How well a space reconstructs weights, whatever they do. */
export interface WeightError {
  /** Mean squared difference of weights. */
  readonly mse: number;
  /** The same when each weight is predicted by its mean over the networks trained on. */
  readonly meanMse: number;
  /** Share of the variance about that mean that the space explains: 1 is perfect, 0 no better than the mean. */
  readonly explained: number;
}

/** Errors over whole PReps of `members`; the padding is zero in all of them. */
export function weightError(space: NetSpace, known: readonly Member[], members: readonly Member[]): WeightError {
  let [mse, meanMse] = [0, 0];
  tf.tidy(() => {
    const batchOf = (of: readonly Member[]) => space.pack(of.map(({ instance }) => instance));
    const batch = batchOf(members);
    const targets = batch.preps;
    const used = tf.cast(tf.notEqual(tf.sum(tf.abs(targets), 0), 0), 'float32'); // [H, W]
    const error = (predicted: tf.Tensor): number =>
      tf.div(tf.sum(tf.mul(tf.squaredDifference(targets, predicted), used)), tf.mul(tf.sum(used), members.length)).dataSync()[0]!;
    const predicted = space.decode(space.encode(batch)).preps;
    mse = error(predicted);
    meanMse = error(tf.mean(batchOf(known).preps, 0));
  });
  return { mse, meanMse, explained: 1 - mse / meanMse };
}
