import type { NetSpace, PredictedInstance } from '@netspace/model';
import type { Instance } from '@netspace/prep';

/**
 * The predicted network of a network: encodes it, lets the class head choose the architecture, and decodes the embedding.
 *
 * @returns a network with tensors of its own, which the caller disposes
 * @throws NetSpaceError `NOT_FOUND` if the network is of no architecture of the space
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { reconstruct } from '@netspace/explore';
 * import { NetSpace } from '@netspace/model';
 * import { initialize, siren } from '@netspace/zoo';
 *
 * const architecture = siren({ hidden: 4, layers: 0 });
 * const target = { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) };
 * const space = new NetSpace({ architectures: [architecture], prepShape: [4, 8], preset: 'tiny' });
 * const predicted = await reconstruct(space, target);
 * console.log(predicted.classId, predicted.architecture.name); // 0 siren-3-4x0-1
 * ```
 */
export async function reconstruct(space: Pick<NetSpace, 'encode' | 'instantiate'>, instance: Instance): Promise<PredictedInstance> {
  const embedding = space.encode([instance]);
  const [predicted] = await space.instantiate(embedding).finally(() => embedding.dispose());
  return predicted!;
}
