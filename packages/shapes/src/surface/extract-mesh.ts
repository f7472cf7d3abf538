import { NetSpaceError } from '@netspace/prep';
import type { TriangleMesh } from '../mesh/triangle-mesh.js';
import type { Manifold, ManifoldToplevel } from 'manifold-3d';

import { evaluateSdf, type EvaluateSdfOptions, type SdfField } from '../measure/evaluate-sdf.js';
import { loadManifold } from './load-manifold.js';
import { meshPlausibility, type MeshPlausibility } from '../measure/mesh-plausibility.js';

export interface ExtractMeshOptions extends EvaluateSdfOptions {
  /**
   * Cells of the grid along each side. Work and memory grow with its cube: about 2 · 48³ evaluations for 48.
   *
   * @default 48
   */
  readonly resolution?: number;
  /**
   * Half the side of the cube around the origin in which to look.
   *
   * @default 0.6
   */
  readonly bounds?: number;
  /**
   * The value on the surface; points with smaller ones are inside.
   *
   * @default 0
   */
  readonly level?: number;
}

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
export async function extractMesh(
  field: SdfField,
  { resolution = 48, bounds = 0.6, level = 0, ...evaluation }: ExtractMeshOptions = {},
): Promise<TriangleMesh & MeshPlausibility> {
  if (!(Number.isInteger(resolution) && resolution >= 2 && resolution <= 128)) {
    throw new NetSpaceError('INVALID_OPTION', `extractMesh: expected a whole \`resolution\` from 2 to 128, got ${resolution}`);
  }
  if (!(bounds > 0 && bounds < Infinity && Number.isFinite(level))) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `extractMesh: expected positive \`bounds\` and a finite \`level\`, got ${bounds} and ${level}`,
    );
  }
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
    const { vertProperties, numProp, triVerts } = surface.getMesh();
    const positions = Float32Array.from(
      { length: (vertProperties.length / numProp) * 3 },
      (_, i) => vertProperties[Math.floor(i / 3) * numProp + (i % 3)]!,
    );
    const mesh = { positions, indices: triVerts.slice() };
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
