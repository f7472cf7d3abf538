import { reconstruct } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import type { TrainedSpace } from '@netspace/node';
import { disposeInstances, type Instance } from '@netspace/prep';
import type { SdfTask } from '@netspace/train';
import { architectureByName } from '@netspace/zoo';
import { sampleSdf } from '@netspace/shapes';
import * as tf from '@tensorflow/tfjs-core';

import type { Context } from '../shared/experiment.js';
import { startOf } from '../shared/start-of.js';
import { trainedSpace } from '../shared/train-space.js';
import type { SdfConfig } from './config.js';
import { gridOf, iou, valuesOf } from './fields.js';
import type { Shape } from './shape-zoo.js';

const NEAR_POINTS = 2000;
/** Cells a side, and steps between two looks, while it learns. */
const WATCH = { resolution: 24, looks: 4 } as const;

export interface ShapeSpaceStage {
  readonly name: string;
  readonly config: Pick<SdfConfig, 'zoo' | 'space' | 'start' | 'units' | 'points' | 'training' | 'bounds'> & {
    readonly clamp?: NonNullable<SdfTask['clamp']>;
  };
  readonly seed: number;
  readonly known: readonly Shape[];
  readonly heldOut: readonly Shape[];
  /**
   * How many shapes of each kind are looked at while it learns.
   * @default all
   */
  readonly watched?: number;
}

/** Trains a space on the known shapes by equation (2), or by `clampedSdfLoss` where the config has a clamp, half of a step's points near their surfaces; or loads it. */
export async function shapeSpace(
  context: Context,
  { name, config, seed, known, heldOut, watched: most = Infinity }: ShapeSpaceStage,
): Promise<TrainedSpace> {
  const architecture = architectureByName(config.zoo.architecture!);
  const instances = known.map(({ instance }) => instance);
  const near: Float32Array[] = [];
  for (const { mesh } of known)
    near.push((await sampleSdf(mesh, { count: NEAR_POINTS, seed: seed + 1, nearSurface: 1, surface: 'every' })).points);
  const watched = {
    'IoU, shapes of the zoo': await valuesOfAll(known),
    'IoU, shapes never seen': await valuesOfAll(heldOut),
  };
  return trainedSpace(context, {
    name,
    space: { ...config.space, architectures: [architecture], ...startOf(config, meanInstance(instances), instances), seed },
    training: {
      ...config.training,
      instances,
      task: {
        ...{ kind: 'sdf', near, ...(config.points !== 'shared' && { points: config.points }), bounds: config.bounds },
        ...(config.clamp !== undefined && { clamp: config.clamp }),
      },
      seed,
      identity: { shapes: known.map(({ record }) => record.sha256) },
    },
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
    const few = shapes.filter((_, i) => i % Math.ceil(shapes.length / most) === 0);
    return Promise.all(few.map(async ({ instance }) => ({ instance, grid, values: await valuesOf(instance, grid) })));
  }
}

async function meanIou(
  space: NetSpace,
  targets: readonly (Pick<Shape, 'instance'> & { grid: ReturnType<typeof gridOf>; values: Float32Array })[],
) {
  let sum = 0;
  for (const { instance, grid, values } of targets) {
    const predicted = await reconstruct(space, instance);
    sum += await iou(values, await valuesOf(predicted, grid), grid);
    disposeInstances([predicted]);
  }
  return sum / targets.length;
}

/** A space of networks that share their initialization begins at their mean, which is a network too. */
function meanInstance(instances: readonly Instance[]): Instance {
  const { architecture } = instances[0]!;
  const parameters = architecture.parameters.map((_, i) =>
    tf.tidy(() => tf.mean(tf.stack(instances.map((instance) => instance.parameters[i]!)), 0)),
  );
  return { architecture, parameters };
}
