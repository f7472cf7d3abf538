import { parameterCount, type PRepShape } from '../architecture.js';
import type { ParameterLayout } from '../assert.js';
import { NetSpaceError } from '../errors.js';

/** Options of {@link requiredPRepShape}. */
export interface RequiredPRepShapeOptions {
  /**
   * Columns of the PRep; a positive integer.
   *
   * @default 10_000
   */
  readonly width?: number;
  /**
   * The height is rounded up to a multiple of this number; the paper's decoder needs 4.
   *
   * @default 4
   */
  readonly heightMultiple?: number;
}

/**
 * The smallest PRep of a given width that holds every one of the architectures.
 *
 * @returns `[H, W]`, H = ⌈⌈largest parameter count / W⌉ / m⌉ · m, at least m
 * @throws NetSpaceError `INVALID_OPTION` if there is no architecture, or an option is not a positive integer
 * @example
 * ```ts
 * import { requiredPRepShape, unresolvedArchitecture } from '@netspace/prep';
 *
 * const linear = unresolvedArchitecture('linear', [{ name: 'weight', shape: [10, 5] }]); // 50 numbers: 7 rows of 8
 * console.log(requiredPRepShape(linear, { width: 8 })); // [ 8, 8 ]
 * console.log(requiredPRepShape(linear, { width: 8, heightMultiple: 1 })); // [ 7, 8 ]
 * ```
 */
export function requiredPRepShape(
  architectures: ParameterLayout | readonly ParameterLayout[],
  { width = 10_000, heightMultiple = 4 }: RequiredPRepShapeOptions = {},
): PRepShape {
  for (const [name, value] of Object.entries({ width, heightMultiple })) {
    if (!(Number.isInteger(value) && value > 0)) {
      throw new NetSpaceError('INVALID_OPTION', `requiredPRepShape: expected ${name} to be a positive integer, got ${value}`);
    }
  }
  const list = 'parameters' in architectures ? [architectures] : architectures;
  if (list.length === 0) throw new NetSpaceError('INVALID_OPTION', 'requiredPRepShape: expected at least one architecture, got none');
  const rows = Math.ceil(Math.max(...list.map(({ parameters }) => parameterCount(parameters))) / width);
  return [Math.max(1, Math.ceil(rows / heightMultiple)) * heightMultiple, width];
}
