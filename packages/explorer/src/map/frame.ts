import type { Point } from '../state/places.js';
import { pointsOf } from '../state/places.js';
import type { State } from '../state/state.js';
import { type Bounds, boundsOfPoints } from '../worker/plane/bounds.js';

/** How the plane lies on the screen: `scale` pixels a unit, its `center` in the middle, y upwards. */
export interface Frame {
  readonly center: Point;
  readonly scale: number;
  readonly width: number;
  readonly height: number;
}

/** Room for the tools at the sides, in pixels. */
const MARGIN = { left: 44, right: 84, top: 96, bottom: 96 };

export function frameOf(state: State): Frame {
  const [width, height] = state.mapSize;
  const [left, right, bottom, top] = boundsOf(pointsOf(state));
  const room = [Math.max(60, width - MARGIN.left - MARGIN.right), Math.max(60, height - MARGIN.top - MARGIN.bottom)] as const;
  const fit = Math.min(room[0] / (right - left), room[1] / (top - bottom));
  const scale = fit * state.view.zoom;
  const middle: Point = [
    (left + right) / 2 + (MARGIN.right - MARGIN.left) / 2 / fit,
    (bottom + top) / 2 + (MARGIN.top - MARGIN.bottom) / 2 / fit,
  ];
  return { center: state.view.center ?? middle, scale, width, height };
}

/** Left, right, bottom and top of all points; never empty. */
export function boundsOf(points: Float32Array | undefined): Bounds {
  if (points === undefined || points.length === 0) return [-1, 1, -1, 1];
  const known = BOUNDS.get(points);
  if (known !== undefined) return known;
  const [left, right, bottom, top] = boundsOfPoints(points)!;
  const least = 1e-6 + 0.02 * Math.max(right - left, top - bottom);
  const widen = (from: number, to: number): readonly [number, number] =>
    to - from < least ? [from - least / 2, to + least / 2] : [from, to];
  const bounds: Bounds = [...widen(left, right), ...widen(bottom, top)];
  BOUNDS.set(points, bounds);
  return bounds;
}

const BOUNDS = new WeakMap<Float32Array, Bounds>();

export const toScreen = ({ center, scale, width, height }: Frame, [x, y]: Point): Point => [
  width / 2 + (x - center[0]) * scale,
  height / 2 - (y - center[1]) * scale,
];

export const toPlane = ({ center, scale, width, height }: Frame, [x, y]: Point): Point => [
  center[0] + (x - width / 2) / scale,
  center[1] - (y - height / 2) / scale,
];

/** Zooms by a factor so that what lies at a position of the screen stays there. */
export function zoomAbout(frame: Frame, zoom: number, factor: number, at: Point): { readonly zoom: number; readonly center: Point } {
  const next = Math.min(1000, Math.max(0.1, zoom * factor));
  const [x, y] = toPlane(frame, at);
  const ratio = zoom / next;
  return { zoom: next, center: [x + (frame.center[0] - x) * ratio, y + (frame.center[1] - y) * ratio] };
}
