import { encodePng, extractMesh, renderMesh, type MeshFrame, type Picture } from '@netspace/explore';
import type { NetSpace } from '@netspace/model';
import type { TriangleMesh } from '@netspace/zoo';
import * as tf from '@tensorflow/tfjs-core';

import { contactSheet } from '../shared/contact-sheet.js';
import type { Figure } from '../shared/experiment.js';
import { reconstruct } from './shape-space.js';
import type { Shape } from './shape-zoo.js';

/** One frame for all, so that sizes can be compared: meshes have a diagonal of 1 about the origin. */
const FRAME: MeshFrame = { centre: [0, 0, 0], radius: 0.5 };
/** From in front of a seat that faces −z. */
const VIEW = { width: 128, height: 128, frame: FRAME, azimuth: 215 } as const;

export const drawShape = (mesh: TriangleMesh): Picture => renderMesh(mesh, VIEW);

export const sheet = (name: string, rows: Parameters<typeof contactSheet>[0]): Figure => ({
  name: `${name}.png`,
  content: encodePng(contactSheet(rows)),
});

export interface GalleryOptions {
  readonly shapes: readonly Shape[];
  readonly resolution: number;
  readonly bounds: number;
  /** Shapes side by side. */
  readonly columns?: number;
}

/** For each shape one above the other: its mesh, its SIREN, and what the space makes of that. */
export async function reconstructionSheet(
  name: string,
  space: NetSpace,
  { shapes, resolution, bounds, columns = 8 }: GalleryOptions,
): Promise<Figure> {
  const triples: Picture[][] = [];
  for (const { mesh, instance } of shapes) {
    const predicted = reconstruct(space, instance);
    const surfaces = [await extractMesh(instance, { resolution, bounds }), await extractMesh(predicted, { resolution, bounds })];
    tf.dispose([...predicted.parameters]);
    triples.push([mesh, ...surfaces].map(drawShape));
  }
  const lines = Array.from({ length: Math.ceil(triples.length / columns) }, (_, line) =>
    triples.slice(line * columns, (line + 1) * columns),
  );
  return sheet(
    name,
    lines.flatMap((line) => [0, 1, 2].map((row) => line.map((triple) => triple[row]))),
  );
}
