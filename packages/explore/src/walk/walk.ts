import type { NetSpace, PredictedInstance } from '@netspace/model';
import type { Instance } from '@netspace/prep';
import * as tf from '@tensorflow/tfjs-core';

import { evenGammas, interpolateEmbeddings } from './interpolate.js';
import { assertOneEmbedding } from '../prior/one-embedding.js';

export interface WalkOptions {
  /** How many networks to visit, both ends included, evenly spaced. */
  readonly steps?: number;
  /** Where to stop instead of even steps: 0 is `from`, 1 is `to`. */
  readonly gammas?: readonly number[];
  /** Which architecture each stop becomes; left out, the class head decides. */
  readonly classIds?: readonly number[];
}

/** The stops of a walk through a space, in order. */
export interface Walk {
  readonly gammas: readonly number[];
  /** `[gammas, embedding]` */
  readonly embeddings: tf.Tensor2D;
  /** What the decoder makes of each embedding. */
  readonly instances: readonly PredictedInstance[];
}

/**
 * Walks through a space on the straight line from one network to another, also between two architectures.
 *
 * @param from where to start: a network, which is encoded, or an embedding `[E]` or `[1, E]`
 * @param to where to end
 * @returns embeddings and networks, which the caller frees (`embeddings.dispose()`, `disposeInstances(instances)`)
 * @throws NetSpaceError `SHAPE_MISMATCH` if an end is not one embedding of the space or a network does not fit, or there is not one ClassId
 * per stop; `INVALID_OPTION` if there are fewer than two steps, no gammas or an unknown ClassId
 * @see Berardi et al., "Learning the Space of Deep Models", section IV
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { walk } from '@netspace/explore';
 * import { NetSpace } from '@netspace/model';
 * import { disposeInstances } from '@netspace/prep';
 * import { initialize, siren } from '@netspace/zoo';
 *
 * const architecture = siren({ hidden: 4, layers: 0 });
 * const [a, b] = [1, 2].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) }));
 * const space = new NetSpace({ architectures: [architecture], prepShape: [4, 8], preset: 'tiny' });
 * const { gammas, embeddings, instances } = await walk(space, a!, b!, { steps: 3 });
 * console.log(gammas, instances.length); // [ 0, 0.5, 1 ] 3
 * embeddings.dispose();
 * disposeInstances(instances);
 * ```
 */
export async function walk(
  space: NetSpace,
  from: Instance | tf.Tensor,
  to: Instance | tf.Tensor,
  { steps = 9, gammas = evenGammas(steps), classIds }: WalkOptions = {},
): Promise<Walk> {
  const embeddings = tf.tidy(() => interpolateEmbeddings(embeddingOf(space, 'from', from), embeddingOf(space, 'to', to), gammas));
  try {
    return { gammas, embeddings, instances: await space.instantiate(embeddings, { classIds }) };
  } catch (error) {
    embeddings.dispose();
    throw error;
  }
}

function embeddingOf(space: NetSpace, name: string, end: Instance | tf.Tensor): tf.Tensor {
  if (!(end instanceof tf.Tensor)) return space.encode([end]);
  assertOneEmbedding('walk', name, end);
  return end;
}
