import { assertMeshAndPoints, type TriangleMesh } from '../mesh/triangle-mesh.js';

/**
 * Generalized winding numbers: how often the mesh goes around each point. They are 1 inside a closed mesh and 0 outside. If closed parts
 * overlap, their numbers add up. A mesh with holes gives fractions.
 *
 * `w(p) = (1 / 4π) Σ_triangles Ω(p)`, where `tan(Ω / 2) = det(a b c) / (|a||b||c| + (a·b)|c| + (b·c)|a| + (c·a)|b|)` for the corners a, b,
 * c seen from p (van Oosterom and Strackee 1983); in float64.
 *
 * @param points x, y, z of each point, `[N · 3]`
 * @returns one number per point, `[N]`; on the surface itself the number of either side
 * @throws NetSpaceError `SHAPE_MISMATCH` if positions, indices or points are not triples, there is no triangle, or a corner does not
 * exist; `INVALID_OPTION` if a point or a vertex is not finite
 * @see Jacobson, Kavan, Sorkine-Hornung, "Robust inside-outside segmentation using generalized winding numbers", SIGGRAPH 2013
 * @example
 * ```ts
 * import { boxMesh, mergeMeshes, windingNumbers } from '@netspace/shapes';
 *
 * const twice = mergeMeshes([boxMesh(), boxMesh({ size: [2, 2, 2] })]); // one box within another
 * const numbers = windingNumbers(twice, Float32Array.of(0, 0, 0, 0.8, 0, 0, 3, 0, 0));
 * console.log([...numbers].map(Math.round)); // [ 2, 1, 0 ]
 * ```
 */
export function windingNumbers(mesh: TriangleMesh, points: Float32Array): Float32Array {
  assertMeshAndPoints('windingNumbers', mesh, points);
  const seen = new Float64Array((mesh.positions.length / 3) * 4);
  return Float32Array.from({ length: points.length / 3 }, (_, i) => {
    lookFrom(points[3 * i]!, points[3 * i + 1]!, points[3 * i + 2]!, mesh.positions, seen);
    return halfSolidAngle(seen, mesh.indices) / (2 * Math.PI);
  });
}

/** Fills `seen` with each vertex relative to a point, and its distance: x, y, z, r. */
function lookFrom(x: number, y: number, z: number, positions: Float32Array, seen: Float64Array): void {
  for (let from = 0, to = 0; from < positions.length; from += 3, to += 4) {
    const dx = positions[from]! - x;
    const dy = positions[from + 1]! - y;
    const dz = positions[from + 2]! - z;
    seen[to] = dx;
    seen[to + 1] = dy;
    seen[to + 2] = dz;
    seen[to + 3] = Math.sqrt(dx * dx + dy * dy + dz * dz);
  }
}

/**
 * Half the solid angle of all triangles together.
 *
 * Half a triangle's angle is the argument of a complex number, so the sum is the argument of their product, plus a whole turn each time
 * the product crosses the negative real axis: one arctangent per point instead of one per triangle.
 */
function halfSolidAngle(seen: Float64Array, indices: Uint32Array): number {
  let re = 1;
  let im = 0;
  let turns = 0;
  for (let t = 0; t < indices.length; t += 3) {
    const a = indices[t]! * 4;
    const b = indices[t + 1]! * 4;
    const c = indices[t + 2]! * 4;
    const ax = seen[a]!;
    const ay = seen[a + 1]!;
    const az = seen[a + 2]!;
    const ar = seen[a + 3]!;
    const bx = seen[b]!;
    const by = seen[b + 1]!;
    const bz = seen[b + 2]!;
    const br = seen[b + 3]!;
    const cx = seen[c]!;
    const cy = seen[c + 1]!;
    const cz = seen[c + 2]!;
    const cr = seen[c + 3]!;
    const y = ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx);
    const x = ar * br * cr + (ax * bx + ay * by + az * bz) * cr + (bx * cx + by * cy + bz * cz) * ar + (cx * ax + cy * ay + cz * az) * br;
    if (x === 0 && y === 0) continue; // the point is a corner, or the triangle is degenerate
    const nextRe = re * x - im * y;
    const nextIm = re * y + im * x;
    // The real parts distinguish a crossing of the negative axis from rounding errors at the positive axis.
    if (re < 0 || nextRe < 0) {
      if (im >= 0 && y >= 0 && nextIm < 0) turns++;
      else if (im < 0 && y < 0 && nextIm >= 0) turns--;
    }
    const size = Math.abs(nextRe) + Math.abs(nextIm);
    const scale = size > 1e100 || size < 1e-100 ? 1 / size : 1; // only the direction counts
    re = nextRe * scale;
    im = nextIm * scale;
  }
  return Math.atan2(im, re) + 2 * Math.PI * turns;
}
