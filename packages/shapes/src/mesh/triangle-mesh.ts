import { NetSpaceError } from '@netspace/prep';
import { show } from '@netspace/prep/internal';

/** A point or a size in space, in the unit of the mesh. */
export type Triple = readonly [x: number, y: number, z: number];

/** Triangles that share vertices; seen from outside, their corners run counter-clockwise. */
export interface TriangleMesh {
  /** x, y, z of each vertex, `[vertices · 3]`. */
  readonly positions: Float32Array;
  /** Three vertex numbers per triangle, `[triangles · 3]`. */
  readonly indices: Uint32Array;
}

/** A mesh and the file name it had, without its ending. */
export interface NamedMesh {
  readonly name: string;
  readonly mesh: TriangleMesh;
}

/** Refuses meshes without triangles or with corners that do not exist, points that are not triples, and numbers that are not finite. */
export function assertMeshAndPoints(caller: string, mesh: TriangleMesh, points: Float32Array = new Float32Array()): void {
  assertIsMesh(caller, mesh);
  const { positions, indices } = mesh;
  for (const [name, { length }] of Object.entries({ positions, indices, points })) {
    if (length % 3 !== 0) throw new NetSpaceError('SHAPE_MISMATCH', `${caller}: expected ${name} in threes, got ${length} numbers`);
  }
  if (indices.length === 0) throw new NetSpaceError('SHAPE_MISMATCH', `${caller}: expected a mesh with triangles, got one without`);
  const vertices = positions.length / 3;
  const outside = indices.find((index) => index >= vertices);
  if (outside !== undefined) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `${caller}: expected triangle corners below ${vertices}, the number of vertices, got ${outside}`,
    );
  }
  for (const [name, values] of Object.entries({ positions, points })) {
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) {
      throw new NetSpaceError(
        'INVALID_OPTION',
        `${caller}: expected finite ${name}, got ${values[bad]} as ${'xyz'[bad % 3]} of number ${Math.floor(bad / 3)}`,
      );
    }
  }
}

/** Programs without types may give anything, such as the `{ name, mesh }` of `seatMeshes`. */
function assertIsMesh(caller: string, mesh: unknown): asserts mesh is TriangleMesh {
  const { positions, indices } = (mesh ?? {}) as Partial<Record<keyof TriangleMesh, unknown>>;
  if (ArrayBuffer.isView(positions) && ArrayBuffer.isView(indices)) return;
  const remedy = 'of a named mesh, as seatMeshes gives it, take its mesh';
  throw new NetSpaceError('INVALID_OPTION', `${caller}: expected a mesh with positions and indices, got ${show(mesh)}; ${remedy}`);
}
