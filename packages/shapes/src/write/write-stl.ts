import { assertMeshAndPoints, type TriangleMesh } from '../mesh/triangle-mesh.js';

/** Bytes of any text, then the number of triangles. */
const HEADER = 84;
/** Normal and three corners as float32, and two bytes of zeros. */
const RECORD = 50;

/**
 * A mesh as a binary STL file, which programs for drawing and printing read: 84 + 50 · triangles bytes. Numbers keep the unit of the mesh.
 *
 * The normal of a triangle is `(b − a) × (c − a)` of length 1, or zeros for a triangle without area.
 *
 * @param mesh positions `[vertices · 3]`, indices `[triangles · 3]`
 * @throws NetSpaceError `SHAPE_MISMATCH` for a mesh without triangles or with corners that do not exist, `INVALID_OPTION` for numbers that
 * are not finite
 * @see https://www.loc.gov/preservation/digital/formats/fdd/fdd000504.shtml
 * @example
 * ```ts
 * import { boxMesh, readStl, writeStl } from '@netspace/shapes';
 *
 * const bytes = writeStl(boxMesh()); // 12 triangles
 * console.log(bytes.length, readStl(bytes).indices.length / 3); // 684 12
 * ```
 */
export function writeStl(mesh: TriangleMesh): Uint8Array {
  assertMeshAndPoints('writeStl', mesh);
  const { positions, indices } = mesh;
  const triangles = indices.length / 3;
  const bytes = new Uint8Array(HEADER + RECORD * triangles);
  const view = new DataView(bytes.buffer);
  view.setUint32(80, triangles, true);
  for (let t = 0; t < triangles; t++) {
    const corners = [0, 1, 2].flatMap((k) => {
      const at = 3 * indices[3 * t + k]!;
      return [positions[at]!, positions[at + 1]!, positions[at + 2]!];
    });
    [...normalOf(corners), ...corners].forEach((x, k) => view.setFloat32(HEADER + RECORD * t + 4 * k, x, true));
  }
  return bytes;
}

function normalOf(corners: readonly number[]): readonly number[] {
  const edge = (to: number): readonly number[] => [0, 1, 2].map((axis) => corners[3 * to + axis]! - corners[axis]!);
  const [u, v] = [edge(1), edge(2)];
  const cross = [0, 1, 2].map((i) => u[(i + 1) % 3]! * v[(i + 2) % 3]! - u[(i + 2) % 3]! * v[(i + 1) % 3]!);
  const length = Math.hypot(...cross);
  return length === 0 ? cross : cross.map((x) => x / length);
}
