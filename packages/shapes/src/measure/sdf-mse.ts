import { NetSpaceError } from '@netspace/prep';
import type { SdfSamples } from '../distance/sample-sdf.js';

import { assertFiniteValues, evaluateSdf, type EvaluateSdfOptions, type SdfField } from './evaluate-sdf.js';

/**
 * Mean squared error of a signed distance function against known distances, `mean_i (f(p_i) − d_i)²`: equation (2) as a measure.
 *
 * To compare two networks, let the second give the distances: `{ points, distances: await evaluateSdf(other, points) }`.
 *
 * @param samples points `[N · 3]` and their distances `[N]`, such as those of `sampleSdf`
 * @returns in squared units of length
 * @throws NetSpaceError `SHAPE_MISMATCH` if there is no sample, or not one distance per point, or the network does not map points to
 * single values, `INVALID_OPTION` if a point, a value or a distance is not finite
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { sdfMse } from '@netspace/shapes';
 *
 * const halfSpace = (points: Float32Array) => points.filter((_, i) => i % 3 === 0); // x is the distance
 * const samples = { points: Float32Array.of(1, 0, 0, 2, 0, 0), distances: Float32Array.of(1, 4) };
 * console.log(await sdfMse(halfSpace, samples)); // 2
 * ```
 */
export async function sdfMse(field: SdfField, { points, distances }: SdfSamples, options: EvaluateSdfOptions = {}): Promise<number> {
  if (distances.length === 0 || points.length !== 3 * distances.length) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `sdfMse: expected three coordinates for each of one or more distances, got ${points.length} coordinates and ${distances.length} distances`,
    );
  }
  const values = await evaluateSdf(field, points, options);
  assertFiniteValues('sdfMse', values, points);
  assertFiniteValues('sdfMse', distances, points);
  return values.reduce((sum, value, i) => sum + (value - distances[i]!) ** 2, 0) / distances.length;
}
