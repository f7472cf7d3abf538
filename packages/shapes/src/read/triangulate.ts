import earcut from 'earcut';

/**
 * Cuts a polygon into triangles. It makes a fan from the first corner if the fan stays within the polygon, as for every convex polygon.
 * Otherwise it clips ears in the plane of the polygon's normal (Newell's). Triangles have the polygon's orientation.
 *
 * @param corners vertex numbers, in order
 * @param positions x, y, z of all vertices
 * @returns vertex numbers, three a triangle; none for a polygon without three different corners
 */
export function triangulate(corners: readonly number[], positions: ArrayLike<number>): readonly number[] {
  const ring = corners.filter((corner, i) => corner !== corners[(i + 1) % corners.length]);
  if (new Set(ring).size < 3) return [];
  if (ring.length === 3) return ring;
  const normal = newellNormal(ring, positions);
  const [u, v] = planeAxes(normal);
  const flat = ring.flatMap((corner) => [along(positions, corner, ring[0]!, u), along(positions, corner, ring[0]!, v)]);
  const area = (a: number, b: number, c: number): number =>
    (flat[2 * b]! - flat[2 * a]!) * (flat[2 * c + 1]! - flat[2 * a + 1]!) -
    (flat[2 * c]! - flat[2 * a]!) * (flat[2 * b + 1]! - flat[2 * a + 1]!);
  const slack = -1e-12 * Math.hypot(...normal);
  const fan: number[] = [];
  let within = true;
  for (let k = 2; k < ring.length; k++) {
    fan.push(0, k - 1, k);
    within &&= area(0, k - 1, k) >= slack;
  }
  const local = within ? fan : clipEars(flat, area);
  return local.map((k) => ring[k]!);
}

/** Cuts a polygon by earcut: exact for a simple polygon; for one that crosses itself, whatever earcut gives. */
function clipEars(flat: readonly number[], area: (a: number, b: number, c: number) => number): number[] {
  const ears = earcut([...flat]);
  const result: number[] = [];
  for (let t = 0; t < ears.length; t += 3) {
    const [a, b, c] = [ears[t]!, ears[t + 1]!, ears[t + 2]!];
    if (area(a, b, c) < 0) result.push(a, c, b);
    else result.push(a, b, c);
  }
  return result;
}

/**
 * Twice the polygon's area, as a vector along its normal. It is measured from the first corner, so that places far from the origin lose no
 * digits.
 */
function newellNormal(ring: readonly number[], positions: ArrayLike<number>): [number, number, number] {
  const origin = ring[0]! * 3;
  const normal: [number, number, number] = [0, 0, 0];
  ring.forEach((corner, i) => {
    const [p, q] = [corner * 3, ring[(i + 1) % ring.length]! * 3];
    for (let axis = 0; axis < 3; axis++) {
      const [j, k] = [(axis + 1) % 3, (axis + 2) % 3];
      const [pj, pk] = [positions[p + j]! - positions[origin + j]!, positions[p + k]! - positions[origin + k]!];
      const [qj, qk] = [positions[q + j]! - positions[origin + j]!, positions[q + k]! - positions[origin + k]!];
      normal[axis]! += pj * qk - pk * qj;
    }
  });
  return normal;
}

/** Two directions that span the plane of a normal, so that u × v points along it. */
function planeAxes([x, y, z]: readonly [number, number, number]): [readonly number[], readonly number[]] {
  const length = Math.hypot(x, y, z);
  if (length === 0)
    return [
      [1, 0, 0],
      [0, 1, 0],
    ]; // all corners on a line: any plane will do
  const n = [x / length, y / length, z / length] as const;
  const least = [0, 1, 2].reduce((best, axis) => (Math.abs(n[axis]!) < Math.abs(n[best]!) ? axis : best), 0);
  const e = [0, 1, 2].map((axis) => (axis === least ? 1 : 0) - n[least]! * n[axis]!);
  const size = Math.hypot(...e);
  const u = e.map((value) => value / size);
  const v = [n[1] * u[2]! - n[2] * u[1]!, n[2] * u[0]! - n[0] * u[2]!, n[0] * u[1]! - n[1] * u[0]!];
  return [u, v];
}

const along = (positions: ArrayLike<number>, corner: number, origin: number, axis: readonly number[]): number =>
  axis.reduce((sum, component, k) => sum + component * (positions[3 * corner + k]! - positions[3 * origin + k]!), 0);
