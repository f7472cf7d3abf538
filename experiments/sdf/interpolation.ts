import { evenGammas, interpolateWeights, walk } from '@netspace/explore';
import { extractMesh, type Picture } from '@netspace/shapes';
import type { NetSpace } from '@netspace/model';
import { disposeInstances, type Instance } from '@netspace/prep';
import type * as tf from '@tensorflow/tfjs-core';

import { iou, occupied, valuesOf, type Grid } from './fields.js';
import { drawShape } from './pictures.js';
import type { Shape } from './shape-zoo.js';

/** Numbers that tell whether what lies between two shapes is a shape. */
export interface Stop {
  readonly gamma: number;
  /** Connected solids, and the share of the volume that the largest holds: one thing, or debris. */
  readonly components: number;
  readonly largestShare: number;
  readonly volume: number;
  /** Share of the cube that is inside. */
  readonly occupied: number;
  /** With the nearer of the two ends, as networks. */
  readonly nearestEndIou: number;
  /** With the average of the two ends' distances, which needs both networks. */
  readonly averagedFieldIou: number;
  /** With the stop before: how far one step jumps. */
  readonly lastStopIou: number | null;
}

export interface Interpolation {
  readonly from: string;
  readonly to: string;
  /** The ends' own IoU: what a walk has to bridge. */
  readonly endsIou: number;
  /** Embeddings between those of the ends, decoded. */
  readonly space: readonly Stop[];
  /** The ends' weights, averaged. */
  readonly weights: readonly Stop[];
}

export interface InterpolationOptions {
  /**
   * Where the ends lie in the space, `[1, E]` each.
   * @default their encodings
   */
  readonly embeddings?: readonly [from: tf.Tensor2D, to: tf.Tensor2D];
  readonly stops: number;
  readonly grid: Grid;
  readonly resolution: number;
}

/** Walks from one shape to another through the space and through the weights; pictures are one row each, in that order. */
export async function interpolation(
  space: NetSpace,
  [from, to]: readonly [Shape, Shape],
  { embeddings, stops, grid, resolution }: InterpolationOptions,
): Promise<{ readonly interpolation: Interpolation; readonly pictures: readonly (readonly Picture[])[] }> {
  const gammas = evenGammas(stops);
  const ends = [await valuesOf(from.instance, grid), await valuesOf(to.instance, grid)] as const;
  const path = await walk(space, embeddings?.[0] ?? from.instance, embeddings?.[1] ?? to.instance, { gammas });
  const averages = interpolateWeights(from.instance, to.instance, gammas);
  const rows = [];
  for (const instances of [path.instances, averages]) {
    rows.push(await measured(instances, { gammas, ends, grid, resolution }));
    disposeInstances(instances);
  }
  path.embeddings.dispose();
  const [throughSpace, throughWeights] = rows;
  return {
    interpolation: {
      from: from.name,
      to: to.name,
      endsIou: await iou(...ends, grid),
      space: throughSpace!.stops,
      weights: throughWeights!.stops,
    },
    pictures: rows.map(({ pictures }) => pictures),
  };
}

interface Between {
  readonly gammas: readonly number[];
  readonly ends: readonly [Float32Array, Float32Array];
  readonly grid: Grid;
  readonly resolution: number;
}

async function measured(instances: readonly Instance[], { gammas, ends: [a, b], grid, resolution }: Between) {
  const stops: Stop[] = [];
  const pictures: Picture[] = [];
  let before: Float32Array | undefined;
  for (const [i, instance] of instances.entries()) {
    const gamma = gammas[i]!;
    const values = await valuesOf(instance, grid);
    const { components, largestShare, volume, ...mesh } = await extractMesh(instance, { resolution, bounds: grid.bounds });
    const averaged = a.map((value, at) => (1 - gamma) * value + gamma * b[at]!);
    stops.push({
      ...{ gamma, components, largestShare, volume, occupied: occupied(values) },
      nearestEndIou: Math.max(await iou(values, a, grid), await iou(values, b, grid)),
      averagedFieldIou: await iou(values, averaged, grid),
      lastStopIou: before === undefined ? null : await iou(values, before, grid),
    });
    pictures.push(drawShape(mesh));
    before = values;
  }
  return { stops, pictures };
}
