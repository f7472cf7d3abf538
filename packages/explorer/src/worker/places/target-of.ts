import { type Instance, NetSpaceError } from '@netspace/prep';

import type { Session } from '../session.js';

/**
 * A network of the map as it was trained, which the caller frees by `disposeInstances`.
 *
 * @throws NetSpaceError `NOT_FOUND` if its weights are not in the folder; as `InstanceStore.load`
 */
export async function targetOf({ zoo, withWeights }: Session, name: string): Promise<Instance> {
  if (zoo === undefined || !withWeights.has(name)) {
    throw new NetSpaceError('NOT_FOUND', `explorer: expected the weights of ${name} in the folder, got none; export them with the space`);
  }
  const { architecture, parameters } = await zoo.load(name);
  return { architecture, parameters };
}
