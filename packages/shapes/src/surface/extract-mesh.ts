import { NetSpaceError } from '@netspace/prep';
import { extended, finite, type GivenBy, numberOf, parseOptions, positive, withDefault } from '@netspace/prep/internal';
import type { TriangleMesh } from '../mesh/triangle-mesh.js';
import type { Manifold, ManifoldToplevel } from 'manifold-3d';

import { evaluateSdf, evaluateSdfOptions, type SdfField } from '../measure/evaluate-sdf.js';
import { loadManifold } from './load-manifold.js';
import { meshOf } from './mesh-of.js';
import { meshPlausibility, type MeshPlausibility } from '../measure/mesh-plausibility.js';

/** See {@link ExtractMeshOptions}. */
export const extractMeshOptions = extended(evaluateSdfOptions, {
  /**
   * Cells of the grid along each side, from 2 to 128; work and memory grow with its cube, twice 48³ evaluations by default.
   * @default 48
   */
  resolution: withDefault(
    numberOf('an integer from 2 to 128', (value) => Number.isInteger(value) && value >= 2 && value <= 128),
    48,
  ),
  /**
   * Half the side of the cube around the origin in which to look.
   * @default 0.6
   */
  bounds: withDefault(positive, 0.6),
  /**
   * The value on the surface; points with smaller ones are inside.
   * @default 0
   */
  level: withDefault(finite, 0),
});

/** Options of {@link extractMesh}. */
export interface ExtractMeshOptions extends GivenBy<typeof extractMeshOptions> {}

/**
 * The surface of a shape that a network holds as a signed distance function: closed, with outward triangles, empty where the function
 * has no inside. What reaches beyond the bounds is cut off there.
 *
 * Marching tetrahedra on a body-centered cubic grid (manifold's `levelSet`), with the network's own values at every grid point: the grid
 * is listed first, evaluated in batches, and then handed over.
 *
 * @returns the mesh, with the volume, parts and closedness of `meshPlausibility`
 * @throws NetSpaceError `INVALID_OPTION` if an option is out of range or a value is not finite, `SHAPE_MISMATCH` if the network does not
 * map points to single values, `UNAVAILABLE` if WebAssembly does not start
 * @see https://github.com/elalish/manifold
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { extractMesh } from '@netspace/shapes';
 *
 * const ball = (points: Float32Array) => // of radius 0.5, whose volume is 0.52
 *   Float32Array.from({ length: points.length / 3 }, (_, i) => Math.hypot(...points.subarray(3 * i, 3 * i + 3)) - 0.5);
 * const { volume, components, closed } = await extractMesh(ball, { resolution: 24 });
 * console.log(volume.toFixed(1), components, closed); // 0.5 1 true
 * ```
 */
export async function extractMesh(field: SdfField, options: ExtractMeshOptions = {}): Promise<TriangleMesh & MeshPlausibility> {
  const { resolution, bounds, level, ...evaluation } = parseOptions('extractMesh', extractMeshOptions, options);
  const manifold = await loadManifold();
  const points = gridPoints(manifold, resolution, bounds);
  const values = await evaluateSdf(field, points, evaluation);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const place = points.subarray(3 * bad, 3 * bad + 3).join(', ');
    throw new NetSpaceError(
      'INVALID_OPTION',
      `extractMesh: expected finite distances, got ${values[bad]} at (${place}); has the network diverged?`,
    );
  }
  let at = 0;
  const surface = levelSet(manifold, resolution, bounds, () => level - values[at++]!);
  try {
    const mesh = meshOf(surface);
    return { ...mesh, ...meshPlausibility(mesh) };
  } finally {
    surface.delete();
  }
}

/** Points at which `levelSet` asks for values, in the order in which it does. */
function gridPoints(manifold: ManifoldToplevel, resolution: number, bounds: number): Float32Array {
  const points: number[] = [];
  levelSet(manifold, resolution, bounds, (point) => {
    points.push(...point);
    return -1; // outside
  }).delete();
  return Float32Array.from(points);
}

const levelSet = (manifold: ManifoldToplevel, resolution: number, bounds: number, value: (point: readonly number[]) => number): Manifold =>
  manifold.Manifold.levelSet(value, { min: [-bounds, -bounds, -bounds], max: [bounds, bounds, bounds] }, (2 * bounds) / resolution);
