import type { NetSpace } from '@netspace/model';
import { type Instance, NetSpaceError } from '@netspace/prep';

import { abortedSearch } from './optimize-latent.js';
import { refuseIgnored } from './refinement-inputs.js';
import { refineEmbedding, type RefinedEmbedding, type RefineOptions } from './refine-embedding.js';

/**
 * As {@link refineEmbedding}, within a longer call. If a signal stops the search, the embedding found until then is freed, because the
 * caller could not reach it. Options that would say nothing are refused.
 */
export async function refineWithin(call: string, space: NetSpace, target: Instance, options: RefineOptions): Promise<RefinedEmbedding> {
  refuseIgnored(call, target, options);
  try {
    return await refineEmbedding(space, target, options);
  } catch (error) {
    const found = abortedSearch(error);
    if (found === undefined) throw error;
    found.embedding.dispose();
    throw new NetSpaceError('ABORTED', `${call}: stopped by its signal after ${found.losses.length - 1} steps of a refinement`);
  }
}
