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
 * const nameAfter = async (space: NetSpace, target: Instance): Promise<string> => (await reconstruct(space, target)).architecture.name;
 * ```
 */
export async function reconstruct(space: Pick<NetSpace, 'encode' | 'instantiate'>, instance: Instance): Promise<PredictedInstance> {
  const embedding = space.encode([instance]);
  const [predicted] = await space.instantiate(embedding).finally(() => embedding.dispose());
  return predicted!;
}
