import { collapseRemark, diversityMeter, type Diversity } from '@netspace/explore';
import { evaluateSdf, occupancyIou, sdfMse } from '@netspace/shapes';
import type { NetSpace } from '@netspace/model';
import type { StoredInstance } from '@netspace/zoo';
import { disposeInstances, NetSpaceError } from '@netspace/prep';
import { nextTask } from '@netspace/prep/internal';

import { randomAt } from '@netspace/train/internal';

/** A SIREN beside what the space makes of it. */
export interface EvaluatedShape {
  readonly name: string;
  readonly architecture: string;
  readonly classId: number;
  readonly predictedClassId: number;
  /** Mean squared difference of the two fields in the cube. */
  readonly mse: number;
  /** Share of the cells inside either shape that are inside both; 1 if both are empty. */
  readonly iou: number;
  /** Whether neither network has a point inside in the cube: the IoU says nothing then. */
  readonly empty: boolean;
}

/** No IoU. */
const EMPTY = -1;

/** Encodes and decodes each SIREN and compares the fields within ±bounds. */
export async function evaluateShapes(
  space: NetSpace,
  entries: readonly StoredInstance[],
  {
    bounds = 0.6,
    points: count = 20_000,
    resolution = 48,
    signal,
  }: { readonly bounds?: number; readonly points?: number; readonly resolution?: number; readonly signal?: AbortSignal } = {},
): Promise<{
  readonly instances: EvaluatedShape[];
  /** Empty ones do not count in the mean IoU, which is 0 if all are. */
  readonly summary: { readonly count: number; readonly empty: number; readonly meanMse: number; readonly meanIou: number };
  /** How far predicted networks differ from each other and from the decoder's start. */
  readonly diversity: Diversity;
  readonly remarks: readonly string[];
}> {
  const random = randomAt(0, 'evaluate');
  const points = Float32Array.from({ length: 3 * count }, () => random.uniform(-bounds, bounds));
  const instances: EvaluatedShape[] = [];
  const meter = diversityMeter(space);
  for (const { name, instance } of entries) {
    await nextTask(); // lets the signal in
    if (signal?.aborted) throw new NetSpaceError('ABORTED', `evaluate: stopped after ${instances.length} of ${entries.length} shapes`);
    const embedding = space.encode([instance]);
    const [predicted] = await space.instantiate(embedding);
    const distances = await evaluateSdf(instance, points);
    const iou = await occupancyIou(instance, predicted!, { resolution, bounds, whenEmpty: EMPTY });
    instances.push({
      ...{ name, architecture: instance.architecture.name, classId: space.classIdOf(instance), predictedClassId: predicted!.classId },
      mse: await sdfMse(predicted!, { points, distances }),
      iou: iou === EMPTY ? 1 : iou,
      empty: iou === EMPTY,
    });
    await meter.add(instance, predicted!);
    embedding.dispose();
    disposeInstances([predicted!]);
  }
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
  const shown = instances.filter(({ empty }) => !empty);
  const [meanMse, meanIou] = [mean(instances.map(({ mse }) => mse)), mean(shown.map(({ iou }) => iou))];
  const diversity = meter.result();
  const summary = { count: instances.length, empty: instances.length - shown.length, meanMse, meanIou };
  return { instances, summary, diversity, remarks: diversity.collapsed ? [collapseRemark(diversity, space)] : [] };
}
