import type { TriangleMesh } from '../mesh/triangle-mesh.js';

type Point = [x: number, y: number, z: number];

/**
 * Points on the surface of a mesh, evenly by area. First a triangle is chosen in proportion to its area, then a place in it,
 * `(1 − √u) a + √u (1 − v) b + √u v c` (Osada et al. 2002).
 */
export function surfaceSampler({ positions, indices }: TriangleMesh, uniform: () => number): () => Point {
  const corner = (k: number): Point => {
    const at = indices[k]! * 3;
    return [positions[at]!, positions[at + 1]!, positions[at + 2]!];
  };
  const areas = new Float64Array(indices.length / 3); // cumulative
  let total = 0;
  for (let t = 0; t < areas.length; t++) areas[t] = total += triangleArea(corner(3 * t), corner(3 * t + 1), corner(3 * t + 2));

  return () => {
    const triangle = firstAbove(areas, uniform() * total);
    const root = Math.sqrt(uniform());
    const along = uniform();
    const [a, b, c] = [corner(3 * triangle), corner(3 * triangle + 1), corner(3 * triangle + 2)];
    const mix = (axis: 0 | 1 | 2): number => (1 - root) * a[axis] + root * (1 - along) * b[axis] + root * along * c[axis];
    return [mix(0), mix(1), mix(2)];
  };
}

function triangleArea(a: Point, b: Point, c: Point): number {
  const [ux, uy, uz] = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
  const [vx, vy, vz] = [c[0] - a[0], c[1] - a[1], c[2] - a[2]];
  return Math.hypot(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx) / 2;
}

/** Position of the first of the ascending values that is above a target; the last one if none is. */
function firstAbove(ascending: Float64Array, target: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle]! > target) high = middle;
    else low = middle + 1;
  }
  return low;
}
