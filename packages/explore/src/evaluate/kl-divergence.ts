import { distillationLoss } from '@netspace/losses';
import type { Instance } from '@netspace/prep';
import { imageBatch, type ImageDataset } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import type { EvaluationOptions } from '@netspace/zoo';
import { batchesOf, logitsOf } from '@netspace/zoo/internal';

export interface KlDivergenceOptions extends EvaluationOptions {
  /** Softens both distributions; 1 compares what the networks say. Dimensionless, > 0. */
  readonly temperature?: number;
}

/**
 * How far a network's class probabilities are from those of a reference, on average over images: 0 only where they are equal.
 *
 * `mean_images Σ_c p_c (log p_c − log q_c)`, p = softmax(reference / T), q = softmax(network / T): equation (1) without T².
 *
 * @param network what is measured, e.g. a predicted network
 * @param reference what it should be, e.g. its target
 * @returns in nats, ≥ 0
 * @throws NetSpaceError as `predictClasses`; `INVALID_OPTION` if the temperature is not positive
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { klDivergence } from '@netspace/explore';
 * import { initialize, lenetLike, parseCifar10 } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ width: 0.1 });
 * const network = { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) };
 * const images = parseCifar10(new Uint8Array(4 * 3073)); // four black images
 * console.log(await klDivergence(network, network, images)); // 0
 * ```
 */
export async function klDivergence(
  network: Instance,
  reference: Instance,
  dataset: ImageDataset,
  { temperature = 1, ...options }: KlDivergenceOptions = {},
): Promise<number> {
  let [sum, images] = [0, 0];
  for (const indices of batchesOf('klDivergence', dataset, options)) {
    const mean = tf.tidy(() => {
      const batch = imageBatch(dataset, indices);
      const [q, p] = [network, reference].map((instance) => logitsOf('klDivergence', instance, dataset, batch.images));
      return distillationLoss(q!, p!, { temperature, squaredTemperature: false });
    });
    const [value] = await mean.data();
    mean.dispose();
    sum += value! * indices.length;
    images += indices.length;
  }
  return sum / images;
}
