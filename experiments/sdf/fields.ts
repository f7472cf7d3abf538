import { evaluateSdf, occupancyIou, type SdfField, type TriangleMesh, windingNumbers } from '@netspace/shapes';

/** Values of signed distance functions at the centers of a grid of cells, and how they compare. */
export interface Grid {
  readonly points: Float32Array;
  readonly bounds: number;
}

/** Centers of `resolution`³ cells that fill the cube of ±bounds. */
export function gridOf(resolution: number, bounds: number): Grid {
  const center = (k: number): number => (((k % resolution) + 0.5) / resolution - 0.5) * 2 * bounds;
  const points = new Float32Array(3 * resolution ** 3);
  for (let i = 0; i < resolution ** 3; i++) {
    points.set([center(i), center(Math.floor(i / resolution)), center(Math.floor(i / resolution ** 2))], 3 * i);
  }
  return { points, bounds };
}

export const valuesOf = (field: SdfField, { points }: Grid): Promise<Float32Array> => evaluateSdf(field, points);

/** 0.5 − winding number: negative inside as distances are, and cheaper where only the sign counts. */
export const insideOf = ({ positions, indices }: TriangleMesh, { points }: Grid): Float32Array =>
  windingNumbers({ positions, indices }, points).map((winding) => 0.5 - winding);

/** IoU of two shapes by their values at the same grid. */
export const iou = (a: Float32Array, b: Float32Array, { points }: Grid): Promise<number> =>
  occupancyIou(
    () => a,
    () => b,
    { points },
  );

/** Share of the cube that is inside. */
export const occupied = (values: Float32Array): number => values.reduce((sum, value) => sum + (value < 0 ? 1 : 0), 0) / values.length;

/** The largest of some numbers and where it stands. */
export function largest(values: readonly number[]): { readonly index: number; readonly value: number } {
  const value = Math.max(...values);
  return { index: values.indexOf(value), value };
}
