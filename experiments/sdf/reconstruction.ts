import { reconstruct } from '@netspace/explore';
import { evaluateSdf, extractMesh, meshPlausibility, type Picture, sampleSdf, sdfMse } from '@netspace/shapes';
import { disposeInstances } from '@netspace/prep';
import type { NetSpace } from '@netspace/model';

import { insideOf, iou, largest, valuesOf, type Grid } from './fields.js';
import { drawShape } from './pictures.js';
import type { Shape } from './shape-zoo.js';

/** How well a space keeps one shape. */
export interface Reconstruction {
  readonly name: string;
  /** The target against the mesh that it was fitted to: what no space can better. */
  readonly siren: { readonly mse: number; readonly iou: number };
  /** Mean squared difference to the target in the cube, half of the points near the surface. */
  readonly mse: number;
  /** Of the predicted shape with its target. */
  readonly iou: number;
  /** Of the predicted shape with the mesh. */
  readonly meshIou: number;
  /** The shape of the zoo that the prediction is most like, and the one that the target is most like, itself left out. */
  readonly nearestToPrediction: { readonly name: string; readonly iou: number };
  readonly nearestToTarget: { readonly name: string; readonly iou: number };
  readonly components: { readonly mesh: number; readonly predicted: number };
  readonly volume: { readonly mesh: number; readonly predicted: number };
}

export interface ReconstructionOptions {
  /** Targets. */
  readonly shapes: readonly Shape[];
  /** The zoo that the space was trained on, with its values at the grid. */
  readonly known: readonly (Shape & { readonly values: Float32Array })[];
  readonly grid: Grid;
  readonly resolution: number;
  readonly seed: number;
}

const POINTS = 10_000;

/** Encodes and decodes each shape and compares, on points that no training used; a picture each of mesh and prediction. */
export async function reconstructions(
  space: NetSpace,
  { shapes, known, grid, resolution, seed }: ReconstructionOptions,
): Promise<{ readonly measured: readonly Reconstruction[]; readonly pictures: readonly (readonly Picture[])[] }> {
  const { bounds } = grid;
  const measured: Reconstruction[] = [];
  const pictures: Picture[][] = [];
  for (const { name, mesh, instance } of shapes) {
    const predicted = await reconstruct(space, instance);
    const samples = await sampleSdf(mesh, { count: POINTS, seed: seed + 2, nearSurface: 0.5, bounds, surface: 'every' });
    const [inside, target, values] = [insideOf(mesh, grid), await valuesOf(instance, grid), await valuesOf(predicted, grid)];
    const nearest = async (to: Float32Array) => {
      const others = known.filter((other) => other.name !== name || to === values);
      const best = largest(await Promise.all(others.map((other) => iou(to, other.values, grid))));
      return { name: others[best.index]!.name, iou: best.value };
    };
    const [predictedMesh, given] = [await extractMesh(predicted, { resolution, bounds }), meshPlausibility(mesh)];
    measured.push({
      name,
      siren: { mse: await sdfMse(instance, samples), iou: await iou(inside, target, grid) },
      mse: await sdfMse(predicted, { points: samples.points, distances: await evaluateSdf(instance, samples.points) }),
      iou: await iou(target, values, grid),
      meshIou: await iou(inside, values, grid),
      nearestToPrediction: await nearest(values),
      nearestToTarget: await nearest(target),
      components: { mesh: given.components, predicted: predictedMesh.components },
      volume: { mesh: given.volume, predicted: predictedMesh.volume },
    });
    pictures.push([mesh, predictedMesh].map(drawShape));
    disposeInstances([predicted]);
  }
  return { measured, pictures };
}
