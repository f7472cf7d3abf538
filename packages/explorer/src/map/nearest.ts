import { type Point, pointsOf } from '../state/places.js';
import type { State } from '../state/state.js';
import { boundsOf, frameOf } from './frame.js';
import { createNear, type Near } from './near.js';
import { isShown } from './points/points.js';

const NEAR = new WeakMap<Float32Array, Near>();

/** Row of the network nearest to a point of the plane, within so many pixels. */
export function nearestRow(state: State, at: Point, pixels: number): number | undefined {
  const points = pointsOf(state);
  const { opened, view } = state;
  if (points === undefined || opened === undefined || points.length === 0) return undefined;
  const near = NEAR.get(points) ?? createNear(points, boundsOf(points));
  NEAR.set(points, near);
  const { networks } = opened.manifest;
  return near.find(at, pixels / frameOf(state).scale, (row) => isShown(view.show, networks[row]!.heldOut));
}

/** Whether a point lies within a ring (even-odd rule). */
export function isWithin(ring: readonly Point[], [x, y]: Point): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [[ax, ay], [bx, by]] = [ring[i]!, ring[j]!];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

/** Names of the shown networks within a ring. */
export function namesWithin(state: State, ring: readonly Point[]): readonly string[] {
  const points = pointsOf(state);
  if (points === undefined || ring.length < 3) return [];
  return (state.opened?.manifest.networks ?? [])
    .filter(({ heldOut }, row) => isShown(state.view.show, heldOut) && isWithin(ring, [points[2 * row]!, points[2 * row + 1]!]))
    .map(({ name }) => name);
}

/** A line through fewer points, none of which lies more than `tolerance` off it (Douglas, Peucker). */
export function simplified(line: readonly Point[], tolerance: number): readonly Point[] {
  if (line.length < 3) return line;
  const [[ax, ay], [bx, by]] = [line[0]!, line.at(-1)!];
  const length = Math.hypot(bx - ax, by - ay);
  let [farthest, most] = [0, 0];
  for (let i = 1; i < line.length - 1; i++) {
    const [x, y] = line[i]!;
    const off = length === 0 ? Math.hypot(x - ax, y - ay) : Math.abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length;
    if (off > most) [farthest, most] = [i, off];
  }
  if (most <= tolerance) return [line[0]!, line.at(-1)!];
  return [...simplified(line.slice(0, farthest + 1), tolerance).slice(0, -1), ...simplified(line.slice(farthest), tolerance)];
}
