import type { Instance } from '@netspace/prep';

import { align } from './align.js';

/**
 * The same network with its hidden channels in the order in which its weights are most like those of a reference: {@link align} by weights.
 * The function of the network does not change. Averages of its weights with the reference (`interpolateWeights`) become more meaningful.
 *
 * @param reference a network of the same architecture, which is not changed
 * @param instance the network to put in order
 * @returns a network with tensors of its own, which the caller disposes
 * @throws NetSpaceError `UNSUPPORTED` if the architectures differ
 * @see Ainsworth, Hayase, Srinivasa, "Git Re-Basin", arXiv:2209.04836
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { alignInstance, interpolateWeights } from '@netspace/explore';
 * import { initialize, lenetLike } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ width: 0.1 });
 * const [a, b] = [1, 2].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) }));
 * const [between] = interpolateWeights(a!, await alignInstance(a!, b!), [0.5]);
 * console.log(between!.architecture.name); // lenet-like-3x32x32-10-w0.1
 * ```
 */
export async function alignInstance<Name extends string>(reference: Instance<Name>, instance: Instance<Name>): Promise<Instance<Name>> {
  return (await align(reference, instance)).instance;
}
