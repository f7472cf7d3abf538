import { type GivenBy, objectOf, oneOf, parseOptions, withDefault } from '@netspace/prep/internal';
import { assertMeshAndPoints, type TriangleMesh } from '../mesh/triangle-mesh.js';
import { orientFaces } from '../solid/orient-faces.js';
import { outerSurface } from '../solid/outer-surface.js';
import { windingNumbers } from './winding-numbers.js';

/** See {@link SolidOptions}. */
export const solidOptions = objectOf({
  /**
   * The faces that count as surface. `outer`: the faces that bound the visible solid, turned outwards. `every`: all faces, with the
   * orientation of the mesh. This includes faces inside another part, which make distances inside too small.
   * @default 'outer'
   */
  surface: withDefault(oneOf(['outer', 'every']), 'outer'),
});

/** Options of {@link signedDistances}. */
export interface SolidOptions extends GivenBy<typeof solidOptions> {}

/**
 * Signed distances to the surface of a mesh, negative inside. A point is inside if its winding number is above 0.5. This is right for
 * meshes of overlapping parts too, for which counting ray crossings gives wrong signs. three and three-mesh-bvh are loaded at the first
 * call.
 *
 * Imperfect meshes are repaired first. Faces are turned outwards if the mesh is inside out or its faces disagree. Faces that are there
 * twice count once, and faces inside another part do not count. A mesh without these faults is used as it is, bit for bit.
 *
 * @param points x, y, z of each point, finite, `[N · 3]`
 * @returns one Euclidean distance per point in the mesh's unit, `[N]`
 * @throws NetSpaceError `SHAPE_MISMATCH` if positions, indices or points are not triples, there is no triangle, or a corner does not
 * exist; `INVALID_OPTION` if a point or a vertex is not finite; `LIMIT_EXCEEDED` if so many triangles cross that finding the outer surface
 * would take minutes
 * @example
 * ```ts
 * import { boxMesh, signedDistances } from '@netspace/shapes';
 *
 * const [distance] = await signedDistances(boxMesh(), Float32Array.of(0, 0, 0));
 * console.log(distance); // -0.5
 * ```
 */
export async function signedDistances(mesh: TriangleMesh, points: Float32Array, options: SolidOptions = {}): Promise<Float32Array> {
  const { surface } = parseOptions('signedDistances', solidOptions, options);
  assertMeshAndPoints('signedDistances', mesh, points);
  return distancesTo(solidOf(mesh, surface), points);
}

/** A mesh as a solid: the mesh whose winding numbers tell the inside, and the triangles that bound it. */
export interface Solid {
  readonly oriented: TriangleMesh;
  readonly surface: TriangleMesh;
}

export function solidOf(mesh: TriangleMesh, surface: 'outer' | 'every'): Solid {
  if (surface === 'every') return { oriented: mesh, surface: mesh };
  const oriented = orientFaces(mesh);
  return { oriented, surface: outerSurface(oriented) };
}

/** As {@link signedDistances}, for a mesh that was already checked. */
export async function distancesTo({ oriented, surface }: Solid, points: Float32Array): Promise<Float32Array> {
  const [{ BufferAttribute, BufferGeometry, Vector3 }, { MeshBVH }] = await Promise.all([import('three'), import('three-mesh-bvh')]);
  const winding = windingNumbers(oriented, points);
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(surface.positions, 3));
  geometry.setIndex(new BufferAttribute(surface.indices.slice(), 1)); // the tree reorders it
  const tree = new MeshBVH(geometry);
  const point = new Vector3();
  const hit = { point: new Vector3(), distance: 0, faceIndex: 0 };
  return winding.map((number, i) => {
    tree.closestPointToPoint(point.fromArray(points, 3 * i), hit);
    return number > 0.5 ? -hit.distance : hit.distance;
  });
}
