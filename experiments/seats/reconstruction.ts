import { refineEmbedding } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import { disposeInstances } from '@netspace/prep';
import { extractMesh, type Picture } from '@netspace/shapes';
import { mean } from 'simple-statistics';
import type * as tf from '@tensorflow/tfjs-core';

import { insideOf, iou, valuesOf, type Grid } from '../sdf/fields.js';
import { drawShape } from '../sdf/pictures.js';
import type { Shape } from '../sdf/shape-zoo.js';
import type { SeatsConfig } from './config.js';

/** A predicted shape, from an encoding or from a refined embedding. */
export interface Predicted {
  /** With its target, a SIREN. */
  readonly iou: number;
  /** With the mesh that the target was fitted to. */
  readonly meshIou: number;
  /** Share of the volume that the largest solid holds. */
  readonly largestShare: number;
}

/** How well a space keeps one seat. */
export interface Reconstruction {
  readonly name: string;
  /** The target's IoU with its mesh: what no space can better. */
  readonly sirenIou: number;
  readonly encoded: Predicted;
  readonly refined: Predicted;
  /** From the embedding that it had while the space learned; null for seats that the space never saw. */
  readonly own: Predicted | null;
  readonly refineSeconds: number;
  /** The least thickness of a part, as share of the diagonal; null for seats that were not made by rule. */
  readonly thinnest: number | null;
}

export interface MeasuredSeat {
  readonly shape: Shape;
  readonly measured: Reconstruction;
  /** Mesh, encoded, refined. */
  readonly pictures: readonly Picture[];
  /** `[1, E]`, refined; whoever gets it disposes of it. */
  readonly embedding: tf.Tensor2D;
}

export interface ReconstructionOptions extends Pick<SeatsConfig, 'refine' | 'bounds' | 'resolution'> {
  readonly grid: Grid;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Embeddings of the seats that the space learned, `[N, E]`; refinement starts at the closest. */
  readonly known: tf.Tensor2D;
  /** The embedding, `[1, E]`, that a seat had while the space learned; whoever calls it disposes of it. */
  readonly ownOf?: (shape: Shape) => tf.Tensor2D;
}

/** Decodes each SIREN's encoding and an embedding refined for it, and compares both with it. */
export async function reconstructions(
  space: NetSpace,
  shapes: readonly Shape[],
  { refine, bounds, resolution, grid, seed, signal, known, ownOf }: ReconstructionOptions,
): Promise<readonly MeasuredSeat[]> {
  const seats: MeasuredSeat[] = [];
  for (const shape of shapes) {
    const { name, mesh, instance } = shape;
    const [inside, target] = [insideOf(mesh, grid), await valuesOf(instance, grid)];
    const predicted = async (embedding: tf.Tensor2D) => {
      const [decoded] = await space.instantiate(embedding);
      const values = await valuesOf(decoded!, grid);
      const surface = await extractMesh(decoded!, { resolution, bounds });
      disposeInstances([decoded!]);
      const { largestShare } = surface;
      return { measured: { iou: await iou(target, values, grid), meshIou: await iou(inside, values, grid), largestShare }, surface };
    };
    const encoding = space.encode([instance]);
    const encoded = await predicted(encoding).finally(() => encoding.dispose());
    const started = performance.now();
    const { embedding } = await refineEmbedding(space, instance, { ...refine, known, bounds, seed, signal });
    const refineSeconds = (performance.now() - started) / 1000;
    const refined = await predicted(embedding);
    const learned = ownOf?.(shape);
    const own = learned === undefined ? null : await predicted(learned);
    learned?.dispose();
    const thinnest = 'thinnest' in mesh ? (mesh.thinnest as number) : null;
    seats.push({
      ...{ shape, embedding, pictures: [mesh, encoded.surface, refined.surface].map(drawShape) },
      measured: {
        ...{ name, sirenIou: await iou(inside, target, grid), encoded: encoded.measured, refined: refined.measured },
        ...{ own: own && own.measured, refineSeconds, thinnest },
      },
    });
  }
  return seats;
}

/** Means over some seats, and over the tenth of them that have the thinnest parts. */
export function summarize(list: readonly Reconstruction[]) {
  const thin = list.filter(({ thinnest }) => thinnest !== null).sort((a, b) => a.thinnest! - b.thinnest!);
  return {
    ...means(list),
    thinnestTenth: thin.length === 0 ? null : means(thin.slice(0, Math.ceil(thin.length / 10))),
    refineSeconds: mean(list.map(({ refineSeconds }) => refineSeconds)),
  };
}

const means = (list: readonly Reconstruction[]) => ({
  seats: list.length,
  sirenIou: mean(list.map(({ sirenIou }) => sirenIou)),
  encoded: meansOf(list.map(({ encoded }) => encoded)),
  refined: meansOf(list.map(({ refined }) => refined)),
  own: list.some(({ own }) => own === null) ? null : meansOf(list.map(({ own }) => own!)),
});

const meansOf = (list: readonly Predicted[]): Predicted => ({
  iou: mean(list.map((one) => one.iou)),
  meshIou: mean(list.map(({ meshIou }) => meshIou)),
  largestShare: mean(list.map(({ largestShare }) => largestShare)),
});
