import { channelPermutation, type Instance, packPRep, parameterCount, type PRepShape, unpackPRep } from '@netspace/prep';
import { checkInstances, count, type GivenBy, objectOf, parseOptions, seed, withDefault } from '@netspace/prep/internal';
import * as tf from '@tensorflow/tfjs-core';

import { randomAt } from './random.js';

/** See {@link PermutedCopiesOptions}. */
export const permutedCopiesOptions = objectOf({
  /**
   * Copies of each network.
   * @default 16
   */
  copies: withDefault(count, 16),
  /**
   * Of the orders.
   * @default 0
   */
  seed: withDefault(seed, 0),
});

/** Options of {@link permutedCopies}. */
export interface PermutedCopiesOptions extends GivenBy<typeof permutedCopiesOptions> {}

/**
 * Copies of networks with their hidden channels in random orders: they compute what the networks do.
 *
 * A space that is trained with `permuteChannels` needs its units of them where networks share their initial values. The mean of such
 * networks is near each of them as they are and far from each in another order, the only ones that the encoder sees in training.
 *
 * @returns `copies` of the first network, of the second and so on; the caller frees them with `disposeInstances`
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown or out of range, or what is no list of instances
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { NetSpace } from '@netspace/model';
 * import { disposeInstances } from '@netspace/prep';
 * import { permutedCopies } from '@netspace/train';
 * import { initialize, lenetLike } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ channels: 1, size: 28, width: 0.25 });
 * const instances = [1, 2].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) }));
 * const copies = permutedCopies(instances, { copies: 4 });
 * const space = new NetSpace({ architectures: [architecture], prepShape: [8, 392], preset: 'tiny', units: { of: copies } });
 * disposeInstances(copies); // the space has measured them
 * console.log(copies.length, space.normalization?.mean.shape); // 8 [ 1, 8, 392 ]
 * ```
 */
export function permutedCopies(instances: readonly Instance[], options: PermutedCopiesOptions = {}): readonly Instance[] {
  const { copies, seed: from } = parseOptions('permutedCopies', permutedCopiesOptions, options);
  checkInstances('permutedCopies', instances);
  const drawn = Array.from({ length: copies }, (_, copy) => copy);
  return instances.flatMap((instance, network) =>
    drawn.map((copy) => permuted(instance, (channels, size) => randomAt(from, 'copies', network, copy, channels).permutation(size))),
  );
}

function permuted({ architecture, parameters }: Instance, order: (channels: string, size: number) => Uint32Array): Instance {
  const row: PRepShape = [1, parameterCount(architecture.parameters)];
  const source = channelPermutation(architecture, order);
  const moved = tf.tidy(() => unpackPRep(tf.gather(packPRep({ architecture, parameters }, row), tf.tensor1d(source, 'int32'), 1), architecture)); // prettier-ignore
  return { architecture, parameters: moved };
}
