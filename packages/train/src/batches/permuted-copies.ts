import { type Instance, prepSymmetry } from '@netspace/prep';
import {
  changedInstance,
  checkInstances,
  count,
  flag,
  type GivenBy,
  objectOf,
  parseOptions,
  seed,
  withDefault,
} from '@netspace/prep/internal';

import { randomAt } from './random.js';

/** See {@link PermutedCopiesOptions}. */
export const permutedCopiesOptions = objectOf({
  /**
   * Copies of each network.
   * @default 16
   */
  copies: withDefault(count, 16),
  /**
   * Whether the signs of units are random too, where the architecture allows it: for a space that is trained with `flipSigns`.
   * @default false
   */
  flipSigns: withDefault(flag, false),
  /**
   * Seed of the orders and signs.
   * @default 0
   */
  seed: withDefault(seed, 0),
});

/** Options of {@link permutedCopies}. */
export interface PermutedCopiesOptions extends GivenBy<typeof permutedCopiesOptions> {}

/**
 * Copies of networks with their hidden channels in random orders: they compute what the networks do.
 *
 * A space that is trained with `permuteChannels` needs units measured on such copies if networks share their initial values. The mean of
 * such networks is near each of them in its original order, but far from each in another order. In training the encoder sees only the
 * latter.
 *
 * @returns `copies` of the first network, of the second and so on; the caller frees them with `disposeInstances`
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown or out of range, or if `instances` is no list of instances
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
  const { copies, flipSigns, seed: from } = parseOptions('permutedCopies', permutedCopiesOptions, options);
  checkInstances('permutedCopies', instances);
  const drawn = Array.from({ length: copies }, (_, copy) => copy);
  return instances.flatMap((instance, network) =>
    drawn.map((copy) => {
      const order = (channels: string, size: number) => randomAt(from, 'copies', network, copy, channels).permutation(size);
      const signs = (units: string, size: number) => randomAt(from, 'signs of copies', network, copy, units).signs(size);
      return changedInstance(instance, prepSymmetry(instance.architecture, { order, signs: flipSigns ? signs : undefined }));
    }),
  );
}

/**
 * Copies of each of so many networks whose mean no single order decides: a few networks are drawn in many orders, many in one or two. Some
 * hundreds in all give a mean in which no channel stands out.
 */
export const copiesOfEach = (networks: number): number => Math.max(2, Math.ceil(512 / networks));
