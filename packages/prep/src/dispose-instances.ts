import * as tf from '@tensorflow/tfjs-core';

import type { Instance } from './architecture.js';

/**
 * Frees the parameters of networks.
 *
 * @param instances networks, or any list of things that have `parameters`; one that was freed before is left alone
 * @example
 * import { disposeInstances, type Instance } from '@netspace/prep';
 *
 * const networks: readonly Instance[] = [];
 * disposeInstances(networks);
 */
export const disposeInstances = (instances: Iterable<Pick<Instance, 'parameters'>>): void => {
  for (const { parameters } of instances) tf.dispose([...parameters]);
};
