import type { NetSpace, PredictedInstance } from '@netspace/model';
import type { Instance } from '@netspace/prep';

/**
 * What a space makes of a network: encodes it, reads its architecture off the embedding, and decodes that.
 *
 * @returns a network with tensors of its own, which the caller disposes
 * @throws NetSpaceError `NOT_FOUND` if the network is of no architecture of the space
 * @example
 * ```ts
 * import { reconstruct } from '@netspace/explore';
 * import type { NetSpace } from '@netspace/model';
 * import type { Instance } from '@netspace/prep';
 *
 * const nameAfter = (space: NetSpace, target: Instance): string => reconstruct(space, target).architecture.name;
 * ```
 */
export function reconstruct(space: Pick<NetSpace, 'encode' | 'instantiate'>, instance: Instance): PredictedInstance {
  const embedding = space.encode([instance]);
  const [predicted] = space.instantiate(embedding);
  embedding.dispose();
  return predicted!;
}
