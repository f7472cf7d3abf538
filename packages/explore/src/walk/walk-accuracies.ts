import type { NetSpace } from '@netspace/model';
import type { Instance } from '@netspace/prep';
import { extended, type GivenBy, parseOptions } from '@netspace/prep/internal';
import type { LabeledDataset } from '@netspace/zoo';
import { evaluationOptions } from '@netspace/zoo/internal';
import type * as tf from '@tensorflow/tfjs-core';

import { refuseSameImages } from '../evaluate/refined-reconstruction.js';
import { accuraciesOf } from './accuracies-of.js';
import { walkOptions, walkWith } from './walk.js';

/** A walk, measured at each stop. */
export interface WalkAccuracies {
  readonly gammas: readonly number[];
  /** The ClassId that the class head gives at each γ. */
  readonly classIds: readonly number[];
  /** Accuracy of the network that the embedding decodes to, in [0, 1]. */
  readonly accuracies: readonly number[];
}

/** See {@link WalkAccuraciesOptions}. */
export const walkAccuraciesOptions = extended(walkOptions, evaluationOptions.entries);

/** Options of {@link walkAccuracies}: those of a walk and of an evaluation. */
export interface WalkAccuraciesOptions extends GivenBy<typeof walkAccuraciesOptions> {}

/**
 * Walks through a space from one network to another and measures the networks on the way.
 *
 * @param from where to start: a network, which is encoded, or an embedding `[E]` or `[1, E]`
 * @param to where to end
 * @param dataset images that no network was trained on
 * @throws NetSpaceError as `walk` and `accuracy`; `INVALID_OPTION` if `refine` has the images that are measured on
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { walkAccuracies } from '@netspace/explore';
 * import { NetSpace } from '@netspace/model';
 * import { initialize, lenetLike, parseCifar10 } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ width: 0.1 });
 * const [weak, strong] = [1, 2].map((seed) => ({ architecture, parameters: initialize(architecture.parameters, { seed }) }));
 * const space = new NetSpace({ architectures: [architecture], prepShape: [8, 128], preset: 'tiny' });
 * const images = parseCifar10(new Uint8Array(4 * 3073)); // four black images
 * const { gammas, accuracies } = await walkAccuracies(space, weak!, strong!, images, { steps: 3 });
 * console.log(gammas, accuracies.length); // [ 0, 0.5, 1 ] 3
 * ```
 */
export async function walkAccuracies(
  space: NetSpace,
  from: Instance | tf.Tensor,
  to: Instance | tf.Tensor,
  dataset: LabeledDataset,
  options: WalkAccuraciesOptions = {},
): Promise<WalkAccuracies> {
  const used = parseOptions('walkAccuracies', walkAccuraciesOptions, options);
  if (used.refine !== undefined) refuseSameImages('walkAccuracies', used.refine, dataset);
  const { gammas, embeddings, instances } = await walkWith(space, from, to, used);
  embeddings.dispose();
  const accuracies = await accuraciesOf(instances, dataset, { batchSize: used.batchSize, limit: used.limit });
  return { gammas, classIds: instances.map(({ classId }) => classId), accuracies };
}
