import { loadMeshFolder } from '@netspace/node';
import { boxMesh, mergeMeshes, type NamedMesh, sphereMesh, type TriangleMesh } from '@netspace/shapes';

import { dataPath } from '../shared/data.js';
import type { SdfConfig } from './config.js';

/** The shapes to learn: closed meshes within the cube of ±0.5. */
export const shapeMeshes = async (kind: SdfConfig['meshes']): Promise<readonly NamedMesh[]> =>
  kind === 'chairs' ? loadMeshFolder(dataPath('chairs')) : Object.entries(FURNITURE).map(([name, mesh]) => ({ name, mesh }));

type Triple = readonly [number, number, number];

/** A box by its lowest and highest corner. */
const box = (low: Triple, high: Triple): TriangleMesh =>
  boxMesh({
    center: [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2, (low[2] + high[2]) / 2],
    size: [high[0] - low[0], high[1] - low[1], high[2] - low[2]],
  });

const FURNITURE: Readonly<Record<string, TriangleMesh>> = {
  chair: mergeMeshes([box([-0.2, -0.4, -0.2], [0.2, 0, 0.2]), box([-0.2, -0.01, 0.1], [0.2, 0.4, 0.2])]),
  stool: mergeMeshes([box([-0.1, -0.4, -0.1], [0.1, 0, 0.1]), box([-0.25, -0.01, -0.25], [0.25, 0.15, 0.25])]),
  bench: box([-0.4, -0.2, -0.15], [0.4, 0.05, 0.15]),
  ball: sphereMesh({ radius: 0.3, subdivisions: 2 }),
};
