import { assertMeshAndPoints, type TriangleMesh } from '../mesh/triangle-mesh.js';
import { windingNumbers } from './winding-numbers.js';

/**
 * Signed distances to the surface of a mesh, negative inside: where the winding number is above 0.5. That holds for meshes of
 * overlapping parts too, where counting ray crossings gives wrong signs. three and three-mesh-bvh are loaded at the first call.
 *
 * @param points x, y, z of each point, `[N · 3]`
 * @returns one Euclidean distance per point in the mesh's unit, `[N]`
 * @throws NetSpaceError `SHAPE_MISMATCH` if positions, indices or points are not triples, there is no triangle, or a corner does not exist
 */
export async function signedDistances(mesh: TriangleMesh, points: Float32Array): Promise<Float32Array> {
  assertMeshAndPoints('signedDistances', mesh, points);
  const [{ BufferAttribute, BufferGeometry, Vector3 }, { MeshBVH }] = await Promise.all([import('three'), import('three-mesh-bvh')]);
  const winding = windingNumbers(mesh, points);
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new BufferAttribute(mesh.positions, 3));
  geometry.setIndex(new BufferAttribute(mesh.indices.slice(), 1)); // the tree reorders it
  const tree = new MeshBVH(geometry);
  const point = new Vector3();
  const hit = { point: new Vector3(), distance: 0, faceIndex: 0 };
  return winding.map((number, i) => {
    tree.closestPointToPoint(point.fromArray(points, 3 * i), hit);
    return number > 0.5 ? -hit.distance : hit.distance;
  });
}
