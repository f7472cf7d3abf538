import type { TriangleMesh } from '../mesh/triangle-mesh.js';

/** A ball about the origin, of `rings` rings of latitude; its triangles face outwards. */
export function ballMesh({ radius = 1, rings = 24 } = {}): TriangleMesh {
  const segments = rings * 2;
  const positions: number[] = [];
  const indices: number[] = [];
  for (let ring = 0; ring <= rings; ring++) {
    for (let segment = 0; segment < segments; segment++) {
      const [theta, phi] = [(Math.PI * ring) / rings, (2 * Math.PI * segment) / segments];
      positions.push(radius * Math.sin(theta) * Math.sin(phi), radius * Math.cos(theta), radius * Math.sin(theta) * Math.cos(phi));
      if (ring === rings) continue;
      const [here, right] = [ring * segments + segment, ring * segments + ((segment + 1) % segments)];
      if (ring > 0) indices.push(here, here + segments, right);
      if (ring < rings - 1) indices.push(right, here + segments, right + segments);
    }
  }
  return { positions: Float32Array.from(positions), indices: Uint32Array.from(indices) };
}

/** The cube [−1, 1]³ of 8 vertices; its triangles face outwards. */
export const cubeMesh = (): TriangleMesh => ({
  positions: Float32Array.from([-1, -1, -1, 1, -1, -1, -1, 1, -1, 1, 1, -1, -1, -1, 1, 1, -1, 1, -1, 1, 1, 1, 1, 1]),
  indices: Uint32Array.from([0, 2, 3, 0, 3, 1, 4, 5, 7, 4, 7, 6, 0, 4, 6, 0, 6, 2, 1, 3, 7, 1, 7, 5, 0, 1, 5, 0, 5, 4, 2, 6, 7, 2, 7, 3]),
});
