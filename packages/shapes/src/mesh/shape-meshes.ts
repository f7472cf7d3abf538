import { type GivenBy, numberOf, objectOf, parseOptions, positive, withDefault } from '@netspace/prep/internal';

import { triple } from '../option-kinds.js';
import type { Triple, TriangleMesh } from './triangle-mesh.js';

/** See {@link BoxMeshOptions}. */
export const boxMeshOptions = objectOf({
  /**
   * Its middle.
   * @default the origin
   */
  center: withDefault(triple, [0, 0, 0]),
  /**
   * The lengths of the box along x, y and z.
   * @default [1, 1, 1]
   */
  size: withDefault(triple, [1, 1, 1]),
});

/** Options of {@link boxMesh}. */
export interface BoxMeshOptions extends GivenBy<typeof boxMeshOptions> {}

/**
 * A closed box with its faces along the axes: 8 vertices, 12 triangles. Without options it is the cube of side 1 about the origin.
 *
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown or wrong
 * @example
 * ```ts
 * import { boxMesh, meshPlausibility } from '@netspace/shapes';
 *
 * console.log(meshPlausibility(boxMesh({ size: [2, 3, 4] })).volume); // 24
 * ```
 */
export function boxMesh(options: BoxMeshOptions = {}): TriangleMesh {
  const { center, size } = parseOptions('boxMesh', boxMeshOptions, options);
  const corner = (k: number): number[] => center.map((x, axis) => x + size[axis]! * ((k >> axis) & 1 ? 0.5 : -0.5));
  const faces = [
    [0, 4, 6, 2], // −x
    [1, 3, 7, 5], // +x
    [0, 1, 5, 4], // −y
    [2, 6, 7, 3], // +y
    [0, 2, 3, 1], // −z
    [4, 5, 7, 6], // +z
  ] as const;
  return {
    positions: Float32Array.from([...Array(8).keys()].flatMap(corner)),
    indices: Uint32Array.from(faces.flatMap(([a, b, c, d]) => [a, b, c, a, c, d])),
  };
}

/** See {@link SphereMeshOptions}. */
export const sphereMeshOptions = objectOf({
  /** @default the origin */
  center: withDefault(triple, [0, 0, 0]),
  /** @default 1 */
  radius: withDefault(positive, 1),
  /**
   * How often each triangle is cut into four; 8 gives half a million triangles.
   * @default 3
   */
  subdivisions: withDefault(
    numberOf('a whole number from 0 to 8', (value) => Number.isInteger(value) && value >= 0 && value <= 8),
    3,
  ),
});

/** Options of {@link sphereMesh}. */
export interface SphereMeshOptions extends GivenBy<typeof sphereMeshOptions> {}

/**
 * A closed sphere: an octahedron whose triangles are cut in four `subdivisions` times, vertices on the sphere. It has `8 · 4^subdivisions`
 * triangles.
 *
 * @throws NetSpaceError `INVALID_OPTION` for options that are unknown or wrong
 * @example
 * ```ts
 * import { sphereMesh } from '@netspace/shapes';
 *
 * const { indices } = sphereMesh({ radius: 0.5, subdivisions: 2 });
 * console.log(indices.length / 3); // 128
 * ```
 */
export function sphereMesh(options: SphereMeshOptions = {}): TriangleMesh {
  const { center, radius, subdivisions } = parseOptions('sphereMesh', sphereMeshOptions, options);
  const vertices: Triple[] = [
    [1, 0, 0],
    [-1, 0, 0],
    [0, 1, 0],
    [0, -1, 0],
    [0, 0, 1],
    [0, 0, -1],
  ];
  let triangles: Triple[] = [
    [0, 2, 4],
    [2, 1, 4],
    [1, 3, 4],
    [3, 0, 4],
    [2, 0, 5],
    [1, 2, 5],
    [3, 1, 5],
    [0, 3, 5],
  ];
  for (let level = 0; level < subdivisions; level++) {
    const middles = new Map<string, number>();
    const middle = (a: number, b: number): number => {
      const key = a < b ? `${a} ${b}` : `${b} ${a}`;
      const known = middles.get(key);
      if (known !== undefined) return known;
      const [p, q] = [vertices[a]!, vertices[b]!];
      const sum = [p[0] + q[0], p[1] + q[1], p[2] + q[2]] as const;
      const length = Math.hypot(...sum);
      middles.set(key, vertices.length);
      return vertices.push([sum[0] / length, sum[1] / length, sum[2] / length]) - 1;
    };
    triangles = triangles.flatMap(([a, b, c]): Triple[] => {
      const [ab, bc, ca] = [middle(a, b), middle(b, c), middle(c, a)];
      return [
        [a, ab, ca],
        [ab, b, bc],
        [ca, bc, c],
        [ab, bc, ca],
      ];
    });
  }
  return {
    positions: Float32Array.from(vertices.flatMap((vertex) => vertex.map((x, axis) => center[axis]! + radius * x))),
    indices: Uint32Array.from(triangles.flat()),
  };
}

/**
 * Several meshes as one, with all their parts; parts may overlap.
 *
 * @example
 * ```ts
 * import { boxMesh, mergeMeshes, sphereMesh } from '@netspace/shapes';
 *
 * const { indices } = mergeMeshes([boxMesh(), sphereMesh({ subdivisions: 0 })]);
 * console.log(indices.length / 3); // 20
 * ```
 */
export function mergeMeshes(meshes: readonly TriangleMesh[]): TriangleMesh {
  let vertices = 0;
  const indices = meshes.flatMap((mesh) => {
    const shifted = Array.from(mesh.indices, (index) => index + vertices);
    vertices += mesh.positions.length / 3;
    return shifted;
  });
  return { positions: Float32Array.from(meshes.flatMap(({ positions }) => [...positions])), indices: Uint32Array.from(indices) };
}
