import { requireArchitectures } from '../checks.js';

/**
 * The interpolation factors at which architectures between the smallest and the largest are expected.
 *
 * `γ_i = i / (A − 1)`, i = 1 .. A − 2: equation (12); none for one or two architectures.
 *
 * @param architectures how many architectures the space holds, A
 * @returns ascending factors, strictly between 0 and 1
 * @throws NetSpaceError `INVALID_OPTION` if A is not a positive integer
 * @example
 * ```ts
 * import { gammaSchedule } from '@netspace/losses';
 *
 * console.log(gammaSchedule(5)); // [ 0.25, 0.5, 0.75 ]
 * ```
 */
export function gammaSchedule(architectures: number): number[] {
  requireArchitectures('gammaSchedule', architectures);
  return Array.from({ length: Math.max(0, architectures - 2) }, (_, index) => (index + 1) / (architectures - 1));
}
