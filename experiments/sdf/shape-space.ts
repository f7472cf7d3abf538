import type { NetSpace } from '@netspace/model';
import { architectureByName, sampleSdf } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import type { Context } from '../shared/experiment.js';
import { trainedSpace, type TrainedSpace } from '../shared/train-space.js';
import type { SdfConfig } from './config.js';
import { gridOf, iou, valuesOf } from './fields.js';
import type { Shape } from './shape-zoo.js';

const NEAR_POINTS = 8000;
/** Cells a side, and steps between two looks, while it learns. */
const WATCH = { resolution: 24, looks: 10 } as const;

export interface ShapeSpaceStage {
  readonly name: string;
  readonly config: Pick<SdfConfig, 'zoo' | 'space' | 'training' | 'bounds'>;
  readonly seed: number;
  readonly known: readonly Shape[];
  readonly heldOut: readonly Shape[];
}

/** Trains a space on the known shapes by equation (2), half of a step's points near their surfaces; or loads it. */
export async function shapeSpace(context: Context, { name, config, seed, known, heldOut }: ShapeSpaceStage): Promise<TrainedSpace> {
  const architecture = architectureByName(config.zoo.architecture!);
  const start = known.reduce((a, b) => (b.record.metrics['mse']! < a.record.metrics['mse']! ? b : a));
  const near = known.map(({ mesh }) => sampleSdf(mesh, { count: NEAR_POINTS, seed: seed + 1, nearSurface: 1 }).points);
  const watched = {
    'IoU, shapes of the zoo': await valuesOfAll(known),
    'IoU, shapes never seen': await valuesOfAll(heldOut),
  };
  return trainedSpace(context, {
    name,
    space: { ...config.space, architectures: [architecture], instance: start.instance, seed },
    training: {
      ...config.training,
      instances: known.map(({ instance }) => instance),
      task: { kind: 'sdf', near, bounds: config.bounds },
      seed,
    },
    identity: known.map(({ record }) => record.sha256),
    watch: {
      every: Math.max(1, Math.floor(config.training.steps / WATCH.looks)),
      async measure(space) {
        const entries = Object.entries(watched).map(async ([label, targets]) => [label, await meanIou(space, targets)] as const);
        return Object.fromEntries(await Promise.all(entries));
      },
    },
  });

  async function valuesOfAll(shapes: readonly Shape[]) {
    const grid = gridOf(WATCH.resolution, config.bounds);
    return Promise.all(shapes.map(async ({ instance }) => ({ instance, grid, values: await valuesOf(instance, grid) })));
  }
}

async function meanIou(
  space: NetSpace,
  targets: readonly (Pick<Shape, 'instance'> & { grid: ReturnType<typeof gridOf>; values: Float32Array })[],
) {
  let sum = 0;
  for (const { instance, grid, values } of targets) {
    const predicted = reconstruct(space, instance);
    sum += await iou(values, await valuesOf(predicted, grid), grid);
    tf.dispose([...predicted.parameters]);
  }
  return sum / targets.length;
}

/** What the space makes of a network; the caller disposes its parameters. */
export function reconstruct(space: NetSpace, instance: Shape['instance']): Shape['instance'] {
  const embedding = space.encode([instance]);
  const [predicted] = space.instantiate(embedding);
  embedding.dispose();
  return predicted!;
}
