import { type Point, pointOf } from '../state/places.js';
import type { State, Walk } from '../state/state.js';

/** The walk where it comes nearest to a point of the map. */
export function walkNearest(state: State, point: Point): Walk {
  const { walk } = state.view;
  const corners = walk.stops.map((stop) => pointOf(stop, state));
  const used = corners.slice(0, { line: 2, triangle: 3, path: corners.length }[walk.mode]);
  if (!used.every((one) => one !== undefined) || used.length < 2) return walk;
  if (walk.mode !== 'triangle') return { ...walk, gamma: gammaNearest(used, point) };
  return used.length < 3 ? walk : { ...walk, weights: weightsNearest(used as [Point, Point, Point], point) };
}

/** From 0 to 1 along a line of equal parts: where it comes nearest to a point. */
export function gammaNearest(line: readonly Point[], [x, y]: Point): number {
  let [gamma, least] = [0, Infinity];
  for (let i = 0; i + 1 < line.length; i++) {
    const [[ax, ay], [bx, by]] = [line[i]!, line[i + 1]!];
    const length = (bx - ax) ** 2 + (by - ay) ** 2;
    const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length));
    const off = (ax + along * (bx - ax) - x) ** 2 + (ay + along * (by - ay) - y) ** 2;
    if (off < least) [gamma, least] = [(i + along) / (line.length - 1), off];
  }
  return gamma;
}

/** Barycentric coordinates of a point in a triangle; of the nearest point of its edge if it lies outside. */
export function weightsNearest([a, b, c]: readonly [Point, Point, Point], point: Point): readonly [number, number, number] {
  const area = (b[1] - c[1]) * (a[0] - c[0]) + (c[0] - b[0]) * (a[1] - c[1]);
  if (area !== 0) {
    const u = ((b[1] - c[1]) * (point[0] - c[0]) + (c[0] - b[0]) * (point[1] - c[1])) / area;
    const v = ((c[1] - a[1]) * (point[0] - c[0]) + (a[0] - c[0]) * (point[1] - c[1])) / area;
    if (u >= 0 && v >= 0 && u + v <= 1) return [u, v, 1 - u - v];
  }
  // Around the triangle as a path of three equal parts.
  const along = 3 * gammaNearest([a, b, c, a], point);
  const edge = Math.min(2, Math.floor(along));
  const weights: [number, number, number] = [0, 0, 0];
  weights[edge]! += 1 - (along - edge);
  weights[(edge + 1) % 3]! += along - edge;
  return weights;
}
