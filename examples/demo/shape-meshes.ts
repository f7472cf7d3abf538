import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { loadMesh } from '@netspace/node';
import { boxMesh, mergeMeshes, type NamedMesh, type TriangleMesh } from '@netspace/shapes';

/** Real chairs, if the data folder is there (`NETSPACE_DATA`, or `../shared/data`); they are not part of the project. */
const CHAIRS = ['kenney_chair', 'kenney_loungeChair', 'kenney_desk_chairStool', 'quaternius2016a_Armchair', 'quaternius2017_Chair'];

/** The shapes to learn, and where they come from. */
export async function shapeMeshes(count: number): Promise<{ readonly source: string; readonly meshes: readonly NamedMesh[] }> {
  const data = process.env['NETSPACE_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
  const folder = join(data, 'chairs');
  if (CHAIRS.every((name) => existsSync(join(folder, `${name}.obj`)))) {
    const meshes = await Promise.all(
      CHAIRS.slice(0, count).map(async (name) => ({ name, mesh: await loadMesh(join(folder, `${name}.obj`)) })),
    );
    return { source: 'hand-modeled chairs of ../shared/data', meshes };
  }
  return {
    source: 'furniture of boxes, built here',
    meshes: Object.entries(FURNITURE)
      .slice(0, count)
      .map(([name, mesh]) => ({ name, mesh })),
  };
}

type Triple = readonly [number, number, number];

/** A box by its lowest and highest corner. */
const box = (low: Triple, high: Triple): TriangleMesh =>
  boxMesh({
    center: [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2],
    size: [high[0] - low[0], high[1] - low[1], high[2] - low[2]],
  });

/** Half the thickness of a leg: about two cells of the grid that shapes are drawn on. */
const LEG = 0.06;

const legs = (x: number, z: number, bottom: number, top: number): TriangleMesh[] =>
  [-x, x].flatMap((cx) => [-z, z].map((cz) => box([cx - LEG, bottom, cz - LEG], [cx + LEG, top, cz + LEG])));

/**
 * Seats at one height, and legs under them that overlap from one piece to the next: a shape between two is then whole too. Where one seat lies
 * above the other, both are half there halfway, and come apart. The walk leads from the first to the second, which both have a back.
 */
const FURNITURE: Readonly<Record<string, TriangleMesh>> = {
  chair: mergeMeshes([
    ...legs(0.16, 0.16, -0.4, -0.05),
    box([-0.22, -0.06, -0.22], [0.22, 0.05, 0.22]),
    box([-0.22, 0.04, 0.11], [0.22, 0.42, 0.22]),
  ]),
  armchair: mergeMeshes([
    box([-0.3, -0.35, -0.25], [0.3, -0.05, 0.25]),
    box([-0.3, -0.06, 0.14], [0.3, 0.3, 0.25]),
    box([-0.3, -0.06, -0.25], [-0.2, 0.1, 0.15]),
    box([0.2, -0.06, -0.25], [0.3, 0.1, 0.15]),
  ]),
  stool: mergeMeshes([...legs(0.14, 0.14, -0.4, -0.05), box([-0.22, -0.06, -0.22], [0.22, 0.06, 0.22])]),
  bench: mergeMeshes([...legs(0.3, 0.1, -0.4, -0.05), box([-0.4, -0.06, -0.17], [0.4, 0.05, 0.17])]),
  table: mergeMeshes([...legs(0.28, 0.2, -0.4, 0.02), box([-0.36, 0, -0.27], [0.36, 0.11, 0.27])]),
};
