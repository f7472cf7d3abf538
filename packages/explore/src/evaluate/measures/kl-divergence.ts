import { distillationLoss } from '@netspace/losses';
import type { Instance } from '@netspace/prep';
import { instanceOfOutput, extended, type GivenBy, parseOptions, positive, withDefault } from '@netspace/prep/internal';
import type { LabeledDataset } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { batchesOf, evaluationOptions, labeledBatch, logitsOf } from '@netspace/zoo/internal';

/** See {@link KlDivergenceOptions}. */
export const klDivergenceOptions = extended(evaluationOptions, {
  /**
   * Softens both distributions; 1 compares the networks' own probabilities. Dimensionless, > 0.
   * @default 1
   */
  temperature: withDefault(positive, 1),
});

/** Options of {@link klDivergence}. */
export interface KlDivergenceOptions extends GivenBy<typeof klDivergenceOptions> {}

/**
 * How far a network's class probabilities are from those of a reference, on average over images; 0 only if they are equal.
 *
 * `mean_images Σ_c p_c (log p_c − log q_c)`, p = softmax(reference / T), q = softmax(network / T): equation (1) without T².
 *
 * @param network the network to measure, e.g. a predicted network
 * @param reference the network to compare with, e.g. its target
 * @returns in nats, ≥ 0
 * @throws NetSpaceError as `predictClasses`; `INVALID_OPTION` for options that are unknown or out of range
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
  dataset: LabeledDataset,
  options: KlDivergenceOptions = {},
): Promise<number> {
  const { temperature, ...evaluation } = parseOptions('klDivergence', klDivergenceOptions, options);
  let [sum, images] = [0, 0];
  for (const indices of batchesOf('klDivergence', dataset, evaluation)) {
    const mean = tf.tidy(() => {
      const batch = labeledBatch(dataset, indices);
      const [q, p] = [network, reference].map((instance) =>
        logitsOf('klDivergence', instanceOfOutput('klDivergence', instance, evaluation.output), dataset, batch.images),
      );
      return distillationLoss(q!, p!, { temperature, squaredTemperature: false });
    });
    const [value] = await mean.data();
    mean.dispose();
    sum += value! * indices.length;
    images += indices.length;
  }
  return sum / images;
}
