import { NetSpaceError } from '@netspace/prep';
import type { TriangleMesh } from '../mesh/triangle-mesh.js';

/** Measures of how much a mesh looks like one solid thing. */
export interface MeshPlausibility {
  /** Volume inside, in cubed units of the mesh: outward parts count positive, cavities negative. */
  readonly volume: number;
  /** Connected pieces of surface that enclose a positive volume: 1 for one solid thing, many for debris. */
  readonly components: number;
  /** Connected pieces of surface that point inwards, and so enclose empty space. */
  readonly cavities: number;
  /** The largest component's volume as a share of all components'; 1 for one thing, 0 for nothing. */
  readonly largestShare: number;
  /** Whether each edge is crossed equally often in both directions. Only then do volumes have a meaning. */
  readonly closed: boolean;
}

/**
 * Measures a mesh: connected parts, volume by the divergence theorem (`Σ a · (b × c) / 6` over triangles), closedness.
 *
 * @throws NetSpaceError `SHAPE_MISMATCH` if positions or indices are not triples or a corner does not exist
 * @example
 * ```ts
 * import { boxMesh, mergeMeshes, meshPlausibility } from '@netspace/shapes';
 *
 * const apart = mergeMeshes([boxMesh(), boxMesh({ center: [3, 0, 0] })]);
 * const { volume, components, closed } = meshPlausibility(apart);
 * console.log(volume, components, closed); // 2 2 true
 * ```
 */
export function meshPlausibility({ positions, indices }: TriangleMesh): MeshPlausibility {
  const vertices = positions.length / 3;
  if (positions.length % 3 !== 0 || indices.length % 3 !== 0 || indices.some((index) => index >= vertices)) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `meshPlausibility: expected triples of positions and of indices below their number, got ${positions.length} positions and ${indices.length} indices`,
    );
  }
  const partOf = connectedParts(vertices, indices);
  const volumes = new Map<number, number>();
  const edges = new Map<number, number>(); // crossings from the lower to the higher vertex, minus those back
  for (let t = 0; t < indices.length; t += 3) {
    const [a, b, c] = [indices[t]!, indices[t + 1]!, indices[t + 2]!];
    const part = partOf(a);
    volumes.set(part, (volumes.get(part) ?? 0) + signedVolume(positions, 3 * a, 3 * b, 3 * c));
    for (const [from, to] of [
      [a, b],
      [b, c],
      [c, a],
    ] as const) {
      const key = Math.min(from, to) * vertices + Math.max(from, to);
      edges.set(key, (edges.get(key) ?? 0) + Math.sign(to - from));
    }
  }
  const all = [...volumes.values()];
  const solid = all.filter((volume) => volume > 0);
  const sum = (list: readonly number[]): number => list.reduce((total, volume) => total + volume, 0);
  return {
    volume: sum(all),
    components: solid.length,
    cavities: all.filter((volume) => volume < 0).length,
    largestShare: solid.length === 0 ? 0 : solid.reduce((most, volume) => Math.max(most, volume)) / sum(solid),
    closed: [...edges.values()].every((crossings) => crossings === 0),
  };
}

/** Volume of the tetrahedron from the origin to a triangle, negative if the triangle faces the origin. */
function signedVolume(p: Float32Array, a: number, b: number, c: number): number {
  const [x, y, z] = [p[b]!, p[b + 1]!, p[b + 2]!];
  const [u, v, w] = [p[c]!, p[c + 1]!, p[c + 2]!];
  return (p[a]! * (y * w - z * v) + p[a + 1]! * (z * u - x * w) + p[a + 2]! * (x * v - y * u)) / 6;
}

/** Joins the corners of each triangle. The result maps a vertex to the vertex that stands for its part. */
function connectedParts(vertices: number, indices: Uint32Array): (vertex: number) => number {
  const parent = Uint32Array.from({ length: vertices }, (_, vertex) => vertex);
  const root = (vertex: number): number => {
    let at = vertex;
    while (parent[at] !== at) at = parent[at] = parent[parent[at]!]!; // halves the path on the way
    return at;
  };
  for (let t = 0; t < indices.length; t += 3) {
    parent[root(indices[t + 1]!)] = root(indices[t]!);
    parent[root(indices[t + 2]!)] = root(indices[t]!);
  }
  return root;
}
