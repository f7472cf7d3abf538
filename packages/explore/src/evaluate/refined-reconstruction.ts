import type { NetSpace, PredictedInstance } from '@netspace/model';
import { disposeInstances, NetSpaceError, type Instance } from '@netspace/prep';
import { parseOptions } from '@netspace/prep/internal';
import type { Dataset } from '@netspace/zoo';
import { sameInputs } from '@netspace/zoo/internal';
import type * as tf from '@tensorflow/tfjs-core';

import { type RefinementOptions, refinementOptions } from '../latent/refine-embedding.js';
import { refineWithin } from '../latent/refine-within.js';

/** The predicted network of a refined encoding, and the time of the refinement. */
export interface RefinedReconstruction {
  /** The caller disposes it. */
  readonly predicted: PredictedInstance;
  /** Distance of outputs to the target's where the search started, at the encoding or the closest of `known`, and at the refined embedding, as `refineEmbedding` measures it. */
  readonly before: number;
  readonly after: number;
  /** How long it takes to encode and decode. */
  readonly encodeSeconds: number;
  /** How long it takes to encode, refine and decode. */
  readonly refineSeconds: number;
}

/**
 * The predicted network of a refined encoding. It encodes a network, refines the encoding as `refineEmbedding` does, lets the class head
 * choose the architecture, and decodes the refined embedding. The result has both times: that of `reconstruct`, and its own.
 *
 * @throws NetSpaceError as `refineEmbedding`; if the signal stops it, tensors that were found until then are freed
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { refinedReconstruction } from '@netspace/explore';
 * import { NetSpace } from '@netspace/model';
 * import { initialize, siren } from '@netspace/zoo';
 *
 * const architecture = siren({ hidden: 4, layers: 0 });
 * const target = { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) };
 * const space = new NetSpace({ architectures: [architecture], prepShape: [4, 8], preset: 'tiny', seed: 1 });
 * const { before, after, encodeSeconds, refineSeconds } = await refinedReconstruction(space, target, { steps: 20, batchSize: 64 });
 * console.log(after <= before, encodeSeconds < refineSeconds); // true true
 * ```
 */
export async function refinedReconstruction(
  space: NetSpace,
  target: Instance,
  options: RefinementOptions = {},
): Promise<RefinedReconstruction> {
  parseOptions('refinedReconstruction', refinementOptions, options);
  const started = performance.now();
  const encoding = space.encode([target]);
  try {
    disposeInstances([await decoded(space, encoding)]);
    const encodeSeconds = secondsSince(started);
    const { embedding, before, after } = await refineWithin('refinedReconstruction', space, target, { ...options, start: encoding });
    const predicted = await decoded(space, embedding).finally(() => embedding.dispose());
    return { predicted, before, after, encodeSeconds, refineSeconds: secondsSince(started) };
  } finally {
    encoding.dispose();
  }
}

/** Decodes an embedding and waits until the device has done so. */
async function decoded(space: NetSpace, embedding: tf.Tensor2D): Promise<PredictedInstance> {
  const [predicted] = await space.instantiate(embedding);
  await predicted!.parameters.at(-1)!.data();
  return predicted!;
}

const secondsSince = (started: number): number => (performance.now() - started) / 1000;

/** Refuses to refine on the images on which results are measured. The results would say how well these images were learned by heart. */
export function refuseSameImages(call: string, { inputs }: RefinementOptions, dataset: Dataset): void {
  if (typeof inputs !== 'object' || !sameInputs(inputs, dataset)) return;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `${call}: expected refine.inputs to be other images than those that it measures on, got those of ${dataset.name} for both; refine on training images`,
  );
}
