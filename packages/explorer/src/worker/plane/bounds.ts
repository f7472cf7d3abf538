export type Bounds = readonly [left: number, right: number, bottom: number, top: number];

/** The smallest box around points `[x0, y0, x1, y1, …]`; undefined if there are none. */
export function boundsOfPoints(points: Float32Array): Bounds | undefined {
  if (points.length === 0) return undefined;
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    [left, right] = [Math.min(left, points[i]!), Math.max(right, points[i]!)];
    [bottom, top] = [Math.min(bottom, points[i + 1]!), Math.max(top, points[i + 1]!)];
  }
  return [left, right, bottom, top];
}
