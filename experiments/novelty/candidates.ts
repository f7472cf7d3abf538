import { fitPrior, interpolateEmbeddings, interpolateWeights, noisyCopy, samplePrior } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import type { Instance } from '@netspace/prep';
import { randomPermutation, randomStream } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import type { GradedZoo } from '../shared/graded/graded-zoo.js';
import type { NoveltyConfig } from './config.js';
import { alignedAverages, gaussianWeights } from './weight-baselines.js';

/** Networks made in one way; of those that were trained, the tensors are the zoo's. */
export interface Candidates {
  readonly kind: string;
  readonly instances: readonly Instance[];
}

/** Networks that may be new, and networks of which one knows how new they are. */
export async function candidates(
  space: NetSpace,
  zoo: GradedZoo,
  { count, noise }: Pick<NoveltyConfig, 'count' | 'noise'>,
  seed: number,
): Promise<Candidates[]> {
  const known = zoo.known.map(({ instance }) => instance);
  const heldOut = zoo.heldOut.map(({ instance }) => instance).slice(0, count);
  const order = [...randomPermutation(known.length, randomStream(seed, 1))].map((i) => known[i]!);
  const chosen = order.slice(0, count);
  const pairs = chosen.map((one, i) => [one, order[(i + Math.floor(known.length / 2)) % known.length]!] as const);
  const embeddings = space.encode(known);
  const decoded = (points: tf.Tensor2D): readonly Instance[] => space.instantiateAs(points, Array<number>(points.shape[0]).fill(0)); // a space of one architecture
  const sampled = async (kind: 'gaussian' | 'neighbors'): Promise<readonly Instance[]> =>
    decoded(samplePrior(await fitPrior(embeddings, kind === 'gaussian' ? { kind } : { kind }), count, { seed }));
  const middles = tf.concat(
    pairs.map(([a, b]) => interpolateEmbeddings(space.encode([a]), space.encode([b]), [0.5])),
    0,
  ) as tf.Tensor2D;
  return [
    { kind: 'trained on', instances: chosen },
    { kind: 'held out', instances: heldOut },
    { kind: 'trained on, reconstructed', instances: decoded(space.encode(chosen)) },
    { kind: 'held out, reconstructed', instances: decoded(space.encode(heldOut)) },
    { kind: 'interpolated halfway', instances: decoded(middles) },
    { kind: 'sampled, Gaussian prior', instances: await sampled('gaussian') },
    { kind: 'sampled, neighbors prior', instances: await sampled('neighbors') },
    ...noise.map((level) => ({
      kind: `noise of ${level} σ added`,
      instances: chosen.map((one, i) => noisyCopy(one, { level, seed: seed + i })),
    })),
    { kind: 'two averaged', instances: pairs.flatMap(([a, b]) => interpolateWeights(a, b, [0.5])) },
    { kind: 'two averaged, aligned', instances: await alignedAverages(pairs) },
    { kind: 'Gaussian of aligned weights', instances: await gaussianWeights(known, count, seed) },
  ];
}
