import * as tf from '@tensorflow/tfjs-core';

import type { Instance } from '../architecture.js';

/**
 * Frees the parameters of networks.
 *
 * @param instances networks, or any list of objects that have `parameters`; tensors that were freed before are passed over
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { disposeInstances, type Instance, unresolvedArchitecture } from '@netspace/prep';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const architecture = unresolvedArchitecture('bias', [{ name: 'bias', shape: [2] }]);
 * const instances: readonly Instance[] = [{ architecture, parameters: [tf.zeros([2])] }];
 * disposeInstances(instances);
 * console.log(instances[0]!.parameters[0]!.isDisposed); // true
 * ```
 */
export const disposeInstances = (instances: Iterable<Pick<Instance, 'parameters'>>): void => {
  for (const { parameters } of instances) tf.dispose([...parameters]);
};
