import { contactSheet, encodePng } from '@netspace/report';
import { type MeshFrame, type Picture, renderMesh, type TriangleMesh } from '@netspace/shapes';

import type { Figure } from '../shared/experiment.js';

/** One frame for all, so that sizes can be compared: meshes have a diagonal of 1 about the origin. */
const FRAME: MeshFrame = { center: [0, 0, 0], radius: 0.5 };
/** From in front of a seat that faces −z. */
const VIEW = { width: 128, height: 128, frame: FRAME, azimuth: 215 } as const;

export const drawShape = (mesh: TriangleMesh): Picture => renderMesh(mesh, VIEW);

export const sheet = (name: string, caption: string, rows: Parameters<typeof contactSheet>[0]): Figure => ({
  name: `${name}.png`,
  caption,
  content: encodePng(contactSheet(rows)),
});

const COLUMNS = 8;

/** Several pictures of each shape one above the other, so many shapes side by side. */
export function columnSheet(name: string, caption: string, shapes: readonly (readonly Picture[])[]): Figure {
  const bands = Array.from({ length: Math.ceil(shapes.length / COLUMNS) }, (_, band) => shapes.slice(band * COLUMNS, (band + 1) * COLUMNS));
  const rows = bands.flatMap((band) => band[0]!.map((_, row) => band.map((pictures) => pictures[row])));
  return sheet(name, caption, rows);
}
