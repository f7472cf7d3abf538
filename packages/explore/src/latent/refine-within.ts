import type { NetSpace } from '@netspace/model';
import { type Instance, NetSpaceError } from '@netspace/prep';

import { abortedSearch } from './optimize-latent.js';
import { type RefinedEmbedding, refineFor, type RefineOptions } from './refine-embedding.js';

/**
 * As `refineEmbedding`, within a longer call. If a signal stops the search, the embedding found until then is freed, because the
 * caller could not reach it.
 */
export async function refineWithin(call: string, space: NetSpace, target: Instance, options: RefineOptions): Promise<RefinedEmbedding> {
  try {
    return await refineFor(call, space, target, options);
  } catch (error) {
    const found = abortedSearch(error);
    if (found === undefined) throw error;
    found.embedding.dispose();
    throw new NetSpaceError('ABORTED', `${call}: stopped by its signal after ${found.losses.length - 1} steps of a refinement`);
  }
}
