import type { NetSpace, PredictedInstance } from '@netspace/model';
import { type Instance, NetSpaceError } from '@netspace/prep';
import { asGiven, checkInstance, classIds, finite, type GivenBy, listOf, numberOf, objectOf, optional, parseOptions, type UsedBy, withDefault } from '@netspace/prep/internal'; // prettier-ignore
import * as tf from '@tensorflow/tfjs-core';

import { refinementOptions } from '../latent/refine-embedding.js';
import { refineWithin } from '../latent/refine-within.js';
import { evenGammas, interpolateEmbeddings } from './interpolate.js';
import { assertOneEmbedding } from './one-embedding.js';

/** See {@link WalkOptions}. */
export const walkOptions = objectOf({
  /**
   * How many networks to visit, both ends included, evenly spaced.
   * @default 9
   */
  steps: withDefault(
    numberOf('an integer from 2 up', (value) => Number.isInteger(value) && value >= 2),
    9,
  ),
  /**
   * The places on the way, instead of even steps: 0 is `from`, 1 is `to`.
   * @default even steps
   */
  gammas: optional(listOf(finite, 'a list of at least one number', 1)),
  /**
   * The architecture of each stop.
   * @default the class head's choice
   */
  classIds: optional(classIds),
  /**
   * Refines the encodings of ends that are networks, as `refineEmbedding` does. The predicted networks at both ends then do more nearly
   * what the given networks do. `{}` takes all defaults.
   * @default no refinement
   */
  refine: optional(asGiven(refinementOptions)),
});

/** Options of {@link walk}. */
export interface WalkOptions extends GivenBy<typeof walkOptions> {}

/** The stops of a walk through a space, in order. */
export interface Walk {
  readonly gammas: readonly number[];
  /** `[gammas, embedding]` */
  readonly embeddings: tf.Tensor2D;
  /** The network that each embedding decodes to. */
  readonly instances: readonly PredictedInstance[];
}

/**
 * Walks through a space on the straight line from one network to another, also between two architectures.
 *
 * @param from where to start: a network, which is encoded, or an embedding `[E]` or `[1, E]`
 * @param to where to end
 * @returns embeddings and networks, which the caller frees (`embeddings.dispose()`, `disposeInstances(instances)`)
 * @throws NetSpaceError `SHAPE_MISMATCH` if an end is not one embedding of the space or a network does not fit, or there is not one ClassId
 * per stop; `INVALID_OPTION` for an unknown ClassId, options that are unknown or out of range, or `refine` if both ends are embeddings;
 * with `refine` as `refineEmbedding`
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
  options: WalkOptions = {},
): Promise<Walk> {
  return walkWith(space, from, to, parseOptions('walk', walkOptions, options));
}

/** As {@link walk}, with options that were checked before. */
export async function walkWith(
  space: NetSpace,
  from: Instance | tf.Tensor,
  to: Instance | tf.Tensor,
  { steps, gammas = evenGammas(steps), classIds, refine }: Pick<UsedBy<typeof walkOptions>, 'steps' | 'gammas' | 'classIds' | 'refine'>,
): Promise<Walk> {
  if (refine !== undefined && from instanceof tf.Tensor && to instanceof tf.Tensor) {
    throw new NetSpaceError('INVALID_OPTION', 'walk: expected a network as an end to refine, got two embeddings; leave refine out');
  }
  for (const [name, end] of Object.entries({ from, to })) {
    if (end instanceof tf.Tensor) assertOneEmbedding('walk', name, end);
    else checkInstance(`walk: ${name}`, end);
  }
  const made: tf.Tensor[] = [];
  const embeddingOf = async (end: Instance | tf.Tensor): Promise<tf.Tensor> => {
    if (end instanceof tf.Tensor) return end;
    const embedding = refine === undefined ? space.encode([end]) : (await refineWithin('walk', space, end, refine)).embedding;
    made.push(embedding);
    return embedding;
  };
  let embeddings: tf.Tensor2D;
  try {
    embeddings = interpolateEmbeddings(await embeddingOf(from), await embeddingOf(to), gammas);
  } finally {
    tf.dispose(made);
  }
  try {
    return { gammas, embeddings, instances: await space.instantiate(embeddings, { classIds }) };
  } catch (error) {
    embeddings.dispose();
    throw error;
  }
}
