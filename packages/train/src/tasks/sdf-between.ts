import { interpolateSamples } from '@netspace/losses/internal';
import type { Instance } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import type { Random } from '../batches/random.js';
import { runInstances } from './run-networks.js';

/** A place on the line from one embedding of a step to another. */
export interface Between {
  /** Places in the batch. */
  readonly from: number;
  readonly to: number;
  /** 0 at `from`, 1 at `to`. */
  readonly gamma: number;
}

/** Draws places between two of a step's networks; none if it has one network. */
export const drawBetween = (random: Random, count: number, nets: number): readonly Between[] =>
  Array.from({ length: nets < 2 ? 0 : count }, () => {
    const from = random.below(nets);
    return { from, to: (from + 1 + random.below(nets - 1)) % nets, gamma: random.uniform() };
  });

/**
 * A step's embeddings, and after them those between.
 *
 * @param embeddings `[K, E]`
 * @returns `[K + between, E]`, differentiable in the embeddings
 */
export const withBetween = (embeddings: tf.Tensor2D, between: readonly Between[]): tf.Tensor2D => {
  if (between.length === 0) return embeddings;
  const samples = between.map(({ from, to, gamma }) => ({ smallest: from, largest: to, gamma }));
  return tf.concat([embeddings, interpolateSamples(embeddings, samples)]);
};

/** Points `[N, 3]` of which every other is one network's own and the rest are the other's. */
export const pointsOfBoth = (from: Float32Array, to: Float32Array): Float32Array =>
  from.map((own, i) => (Math.floor(i / 3) % 2 === 0 ? own : to[i]!));

/**
 * What a network between is to give: the average of both targets' distances, weighted by how near each is.
 *
 * @param points `[N, 3]`
 * @returns `[N, 1]`
 */
export const averagedTarget = (instances: readonly [Instance, Instance], gamma: number, points: tf.Tensor2D): tf.Tensor2D =>
  tf.tidy(() => {
    const [from, to] = runInstances(instances, points);
    return tf.add(tf.mul(from!, 1 - gamma), tf.mul(to!, gamma));
  });
