import { NetSpaceError } from '@netspace/prep';
import { extended, finite, type GivenBy, numberOf, optional, parseOptions, positive, valueOf, withDefault } from '@netspace/prep/internal'; // prettier-ignore

import { assertFiniteValues, evaluateSdf, evaluateSdfOptions, type SdfField } from './evaluate-sdf.js';

/** See {@link OccupancyIouOptions}. */
export const occupancyIouOptions = extended(evaluateSdfOptions, {
  /**
   * Points to compare at, `[N · 3]`.
   * @default the centers of a grid of cells
   */
  points: optional(valueOf<Float32Array>('a Float32Array', (value) => value instanceof Float32Array)),
  /**
   * Cells of the grid along each side, from 1 to 512.
   * @default 32
   */
  resolution: withDefault(
    numberOf('an integer from 1 to 512', (value) => Number.isInteger(value) && value >= 1 && value <= 512),
    32,
  ),
  /**
   * Half the side of the cube around the origin that the grid fills.
   * @default 0.6
   */
  bounds: withDefault(positive, 0.6),
  /**
   * The value on the surface; points with smaller ones are inside.
   * @default 0
   */
  level: withDefault(finite, 0),
  /**
   * What to return if neither shape has a point inside.
   * @default such shapes are refused, because any value would be arbitrary
   */
  whenEmpty: optional(valueOf<number>('a number, NaN among them', (value) => typeof value === 'number')),
});

/** Options of {@link occupancyIou}. */
export interface OccupancyIouOptions extends GivenBy<typeof occupancyIouOptions> {}

/**
 * How much two shapes agree: the share of the points inside either that are inside both, `|A ∩ B| / |A ∪ B|`.
 *
 * @returns from 0, nothing in common, to 1, the same at every point
 * @throws NetSpaceError `INVALID_OPTION` if `resolution` or `bounds` is out of range, a value is not finite, or neither shape has a point
 * inside and there is no `whenEmpty`; `SHAPE_MISMATCH` if points are no triples or a
 * network does not map points to single values
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { occupancyIou } from '@netspace/shapes';
 *
 * const below = (axis: number) => (points: Float32Array) => points.filter((_, i) => i % 3 === axis); // the coordinate is the distance
 * const iou = await occupancyIou(below(0), below(1)); // both are half of space, and share a quarter
 * console.log(iou.toFixed(3)); // 0.333
 * ```
 */
export async function occupancyIou(a: SdfField, b: SdfField, options: OccupancyIouOptions = {}): Promise<number> {
  const { resolution, bounds, points, level, whenEmpty, ...evaluation } = parseOptions('occupancyIou', occupancyIouOptions, options);
  const places = points ?? cellCenters(resolution, bounds);
  const inA = await evaluateSdf(a, places, evaluation);
  const inB = await evaluateSdf(b, places, evaluation);
  assertFiniteValues('occupancyIou', inA, places);
  assertFiniteValues('occupancyIou', inB, places);
  let both = 0;
  let either = 0;
  for (let i = 0; i < inA.length; i++) {
    const [isA, isB] = [inA[i]! < level, inB[i]! < level];
    if (isA && isB) both++;
    if (isA || isB) either++;
  }
  if (either > 0) return both / either;
  if (whenEmpty !== undefined) return whenEmpty;
  const region = points === undefined ? `the cube of ±${bounds}` : `the ${places.length / 3} points`;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `occupancyIou: expected a shape with a point inside in ${region}, got two that are empty there; scale the shapes into it, choose other \`${points === undefined ? 'bounds' : 'points'}\`, or give \`whenEmpty\``,
  );
}

/** Centers of `resolution`³ cells that fill the cube from −bounds to bounds, x fastest. */
function cellCenters(resolution: number, bounds: number): Float32Array {
  const center = (k: number): number => (((k % resolution) + 0.5) / resolution - 0.5) * 2 * bounds;
  const points = new Float32Array(3 * resolution ** 3);
  for (let i = 0; i < resolution ** 3; i++) {
    points.set([center(i), center(Math.floor(i / resolution)), center(Math.floor(i / resolution ** 2))], 3 * i);
  }
  return points;
}
