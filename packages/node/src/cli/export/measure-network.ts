import { evaluateOutputs, evaluateSpace } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import type { Dataset, StoredInstance } from '@netspace/zoo';

import { evaluateShapes } from '../evaluation/evaluate-shapes.js';
import { givesOutputs, labeled, type SpaceTask } from '../measured-task.js';

/**
 * Measures of a network and of its predicted network, by name.
 *
 * @param dataset inputs for networks that are no shapes; without them nothing is measured
 */
export async function measureNetwork(
  space: NetSpace,
  entry: StoredInstance,
  { dataset, task, signal }: { readonly dataset: Dataset | undefined; readonly task: SpaceTask; readonly signal: AbortSignal },
): Promise<Readonly<Record<string, number>>> {
  const { task: kind, head } = task;
  if (kind === 'sdf') {
    const { mse, iou, empty } = (await evaluateShapes(space, [entry], { signal })).instances[0]!;
    return empty ? { mse } : { mse, iou };
  }
  if (dataset === undefined) return {};
  if (givesOutputs(kind)) {
    const { mse, r2, psnr, iou, targetMse, predictedMse } = (
      await evaluateOutputs(space, [entry], dataset, { ...head, task: kind, signal })
    ).instances[0]!;
    const measured = { r2, mse, psnr, iou, testMse: targetMse, predictedMse };
    return Object.fromEntries(Object.entries(measured).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value]] : [])));
  }
  const { targetAccuracy, predictedAccuracy, agreement } = (
    await evaluateSpace(space, [entry], labeled('export', dataset), { ...head, signal })
  ).instances[0]!;
  return { testAccuracy: targetAccuracy, predictedAccuracy, agreement };
}
