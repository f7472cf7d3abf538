import type { Instance } from '@netspace/prep';
import type { ImageDataset } from '@netspace/zoo';

import { matches } from '@netspace/zoo/internal';
import { predictClasses, type EvaluationOptions } from '@netspace/zoo';

/**
 * The fraction of images of which two networks say the same class, right or wrong: whether one behaves as the other, where accuracy only
 * tells whether it is as good. Outputs of NaN say no class: they agree with nothing, not even with themselves.
 *
 * @returns in [0, 1]
 * @throws NetSpaceError as `predictClasses`
 */
export async function agreement(a: Instance, b: Instance, dataset: ImageDataset, options: EvaluationOptions = {}): Promise<number> {
  return matches(await predictClasses(a, dataset, options), await predictClasses(b, dataset, options));
}
