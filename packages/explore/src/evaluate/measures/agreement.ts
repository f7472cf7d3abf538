import type { Instance } from '@netspace/prep';
import type { LabeledDataset } from '@netspace/zoo';

import { matches } from '@netspace/zoo/internal';
import { predictClasses, type EvaluationOptions } from '@netspace/zoo';

/**
 * The fraction of images to which two networks give the same class, right or wrong. It says whether one network behaves as the other;
 * accuracy only says whether it is as good. An output with NaN gives no class: it agrees with nothing, not even with itself.
 *
 * @returns in [0, 1]
 * @throws NetSpaceError as `predictClasses`
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { agreement } from '@netspace/explore';
 * import { initialize, lenetLike, parseCifar10 } from '@netspace/zoo';
 *
 * const architecture = lenetLike({ width: 0.1 });
 * const network = { architecture, parameters: initialize(architecture.parameters, { seed: 1 }) };
 * const images = parseCifar10(new Uint8Array(4 * 3073)); // four black images
 * console.log(await agreement(network, network, images)); // 1
 * ```
 */
export async function agreement(a: Instance, b: Instance, dataset: LabeledDataset, options: EvaluationOptions = {}): Promise<number> {
  return matches(await predictClasses(a, dataset, options), await predictClasses(b, dataset, options));
}
