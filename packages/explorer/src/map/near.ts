import type { Point } from '../state/places.js';

/** Finds the nearest of many points by looking only at cells close by: 100,000 points are too many for each move of a pointer. */
export interface Near {
  /** @returns its row; undefined if none that is `shown` lies within `radius` */
  find(at: Point, radius: number, shown: (row: number) => boolean): number | undefined;
}

/** Points a cell holds on average. */
const A_CELL = 4;

export function createNear(points: Float32Array, [left, right, bottom, top]: readonly [number, number, number, number]): Near {
  const count = points.length / 2;
  const side = Math.max(1, Math.min(512, Math.round(Math.sqrt(count / A_CELL))));
  const column = (x: number): number => Math.min(side - 1, Math.max(0, Math.floor(((x - left) / (right - left)) * side)));
  const line = (y: number): number => Math.min(side - 1, Math.max(0, Math.floor(((y - bottom) / (top - bottom)) * side)));
  const starts = new Uint32Array(side * side + 1);
  const cellOf = (row: number): number => line(points[2 * row + 1]!) * side + column(points[2 * row]!);
  for (let row = 0; row < count; row++) starts[cellOf(row) + 1]!++;
  for (let cell = 0; cell < side * side; cell++) starts[cell + 1]! += starts[cell]!;
  const rows = new Uint32Array(count);
  const next = starts.slice();
  for (let row = 0; row < count; row++) rows[next[cellOf(row)]!++] = row;
  return {
    find([x, y], radius, shown) {
      let found: number | undefined;
      let least = radius ** 2;
      for (let v = line(y - radius); v <= line(y + radius); v++) {
        for (let cell = v * side + column(x - radius); cell <= v * side + column(x + radius); cell++) {
          for (let i = starts[cell]!; i < starts[cell + 1]!; i++) {
            const row = rows[i]!;
            const distance = (points[2 * row]! - x) ** 2 + (points[2 * row + 1]! - y) ** 2;
            if (distance <= least && shown(row)) [found, least] = [row, distance];
          }
        }
      }
      return found;
    },
  };
}
