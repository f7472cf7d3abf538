/** A flat convex polygon: its corners, x, y, z each. */
export type Polygon = readonly (readonly [x: number, y: number, z: number])[];

/** Points p with normal · p = offset; the normal has length 1. */
export interface Plane {
  readonly normal: readonly [number, number, number];
  readonly offset: number;
}

/**
 * Planes along which a triangle has to be cut so that each piece is on one side of another triangle. This is the other's plane. If both lie
 * in one plane, these are the planes that stand upright on the other's sides.
 *
 * @param size length that distances are small against
 */
export function cuttingPlanes(triangle: Polygon, other: Polygon, size: number): readonly Plane[] {
  const plane = planeThrough(other[0]!, other[1]!, other[2]!);
  if (plane === undefined) return [];
  if (triangle.some((corner) => Math.abs(heightAbove(plane, corner)) > EPSILON * size)) return [plane];
  const [a, b, c] = [other[0]!, other[1]!, other[2]!];
  return [standing(plane, a, b), standing(plane, b, c), standing(plane, c, a)].filter((side) => side !== undefined);
}

/** The pieces of a polygon on either side of a plane; the polygon itself if the plane does not pass through it. */
export function clip(polygon: Polygon, plane: Plane, size: number): readonly Polygon[] {
  const heights = polygon.map((corner) => heightAbove(plane, corner));
  const slack = EPSILON * size;
  if (heights.every((height) => height <= slack) || heights.every((height) => height >= -slack)) return [polygon];
  const [above, below]: [(readonly [number, number, number])[], (readonly [number, number, number])[]] = [[], []];
  polygon.forEach((corner, i) => {
    const [next, here, there] = [polygon[(i + 1) % polygon.length]!, heights[i]!, heights[(i + 1) % polygon.length]!];
    if (here >= -slack) above.push(corner);
    if (here <= slack) below.push(corner);
    if ((here > slack && there < -slack) || (here < -slack && there > slack)) {
      const share = here / (here - there);
      const between = [0, 1, 2].map((axis) => corner[axis]! + share * (next[axis]! - corner[axis]!)) as [number, number, number];
      above.push(between);
      below.push(between);
    }
  });
  return [above, below];
}

export function area(polygon: Polygon): number {
  let sum = 0;
  for (let k = 2; k < polygon.length; k++)
    sum += Math.hypot(...cross(minus(polygon[k - 1]!, polygon[0]!), minus(polygon[k]!, polygon[0]!))) / 2;
  return sum;
}

const EPSILON = 1e-7;

type Vector = readonly [number, number, number];
const minus = (a: Vector, b: Vector): Vector => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vector, b: Vector): Vector => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const heightAbove = ({ normal, offset }: Plane, point: Vector): number => dot(normal, point) - offset;

function planeThrough(a: Vector, b: Vector, c: Vector): Plane | undefined {
  return planeAt(a, cross(minus(b, a), minus(c, a)));
}

/** The plane through a and b that stands upright on another. */
const standing = ({ normal }: Plane, a: Vector, b: Vector): Plane | undefined => planeAt(a, cross(normal, minus(b, a)));

function planeAt(point: Vector, direction: Vector): Plane | undefined {
  const length = Math.hypot(...direction);
  if (length === 0) return undefined;
  const normal = [direction[0] / length, direction[1] / length, direction[2] / length] as const;
  return { normal, offset: dot(normal, point) };
}
