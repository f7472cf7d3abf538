import { evaluateSdf, occupancyIou, sdfMse } from '@netspace/shapes';
import type { NetSpace } from '@netspace/model';
import { disposeInstances } from '@netspace/prep';

import { randomAt } from '@netspace/train/internal';
import type { ZooEntry } from './open-zoo.js';

/** A SIREN beside what the space makes of it. */
export interface EvaluatedShape {
  readonly name: string;
  readonly architecture: string;
  readonly classId: number;
  readonly predictedClassId: number;
  /** Mean squared difference of the two fields in the cube. */
  readonly mse: number;
  /** Share of the cells inside either shape that are inside both. */
  readonly iou: number;
}

/** Encodes and decodes each SIREN and compares the fields within ±bounds. */
export async function evaluateShapes(
  space: NetSpace,
  entries: readonly ZooEntry[],
  {
    bounds = 0.6,
    points: count = 20_000,
    resolution = 48,
  }: { readonly bounds?: number; readonly points?: number; readonly resolution?: number } = {},
): Promise<{
  readonly instances: EvaluatedShape[];
  readonly summary: { readonly count: number; readonly meanMse: number; readonly meanIou: number };
}> {
  const random = randomAt(0, 'evaluate');
  const points = Float32Array.from({ length: 3 * count }, () => random.uniform(-bounds, bounds));
  const instances: EvaluatedShape[] = [];
  for (const { name, instance } of entries) {
    const embedding = space.encode([instance]);
    const [predicted] = await space.instantiate(embedding);
    const distances = await evaluateSdf(instance, points);
    instances.push({
      ...{ name, architecture: instance.architecture.name, classId: space.classIdOf(instance), predictedClassId: predicted!.classId },
      mse: await sdfMse(predicted!, { points, distances }),
      iou: await occupancyIou(instance, predicted!, { resolution, bounds }),
    });
    embedding.dispose();
    disposeInstances([predicted!]);
  }
  const mean = (value: (shape: EvaluatedShape) => number) => instances.reduce((sum, shape) => sum + value(shape), 0) / instances.length;
  return { instances, summary: { count: instances.length, meanMse: mean(({ mse }) => mse), meanIou: mean(({ iou }) => iou) } };
}
