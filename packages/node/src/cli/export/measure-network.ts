import { evaluateSpace } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import type { ImageDataset, StoredInstance } from '@netspace/zoo';

import { evaluateShapes } from '../evaluate-shapes.js';

/**
 * Measures of a network and of its predicted network, by name.
 *
 * @param dataset for classifiers; of a classifier without one nothing is measured
 */
export async function measureNetwork(
  space: NetSpace,
  entry: StoredInstance,
  { dataset, signal }: { readonly dataset: ImageDataset | undefined; readonly signal: AbortSignal },
): Promise<Readonly<Record<string, number>>> {
  if (entry.instance.architecture.purpose === 'sdf') {
    const { mse, iou, empty } = (await evaluateShapes(space, [entry], { signal })).instances[0]!;
    return empty ? { mse } : { mse, iou };
  }
  if (dataset === undefined) return {};
  const { targetAccuracy, predictedAccuracy, agreement } = (await evaluateSpace(space, [entry], dataset, { signal })).instances[0]!;
  return { testAccuracy: targetAccuracy, predictedAccuracy, agreement };
}
