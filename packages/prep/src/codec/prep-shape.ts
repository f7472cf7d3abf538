import { parameterCount, type PRepShape } from '../architecture.js';
import type { ParameterLayout } from '../checks/assert.js';
import { NetSpaceError } from '../errors.js';
import { count } from '../options/option-kinds.js';
import { type GivenBy, objectOf, parseOptions, show, withDefault } from '../options/options.js';

/** See {@link RequiredPRepShapeOptions}. */
export const requiredPRepShapeOptions = objectOf({
  /**
   * Columns of the PRep; a positive integer.
   * @default 10_000
   */
  width: withDefault(count, 10_000),
  /**
   * The height is rounded up to a multiple of this; the paper's decoder needs 4.
   * @default 4
   */
  heightMultiple: withDefault(count, 4),
});

/** Options of {@link requiredPRepShape}. */
export interface RequiredPRepShapeOptions extends GivenBy<typeof requiredPRepShapeOptions> {}

/**
 * The smallest PRep of a given width that holds every one of the architectures.
 *
 * @returns `[H, W]`, H = ⌈⌈largest parameter count / W⌉ / m⌉ · m, at least m
 * @throws NetSpaceError `INVALID_OPTION` if there is no architecture, or for options that are unknown or out of range
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
  options: RequiredPRepShapeOptions = {},
): PRepShape {
  const { width, heightMultiple } = parseOptions('requiredPRepShape', requiredPRepShapeOptions, options);
  const list = layoutsOf(architectures);
  const largest = Math.max(...list.map(({ parameters }) => parameterCount(parameters)));
  return [neededHeight(largest, width, heightMultiple), width];
}

/** One or several architectures as a list. An instance is refused: it has `parameters` too, but they are tensors. */
function layoutsOf(given: unknown): readonly ParameterLayout[] {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (list.length > 0 && list.every(isLayout)) return list;
  const wrong = list.find((one) => !isLayout(one));
  const instance = typeof wrong === 'object' && wrong !== null && 'architecture' in wrong;
  const got = list.length === 0 ? 'none' : instance ? 'an instance; take its `architecture`' : show(wrong);
  throw new NetSpaceError('INVALID_OPTION', `requiredPRepShape: expected at least one architecture, got ${got}`);
}

const isLayout = (given: unknown): given is ParameterLayout =>
  typeof given === 'object' && given !== null && 'name' in given && 'parameters' in given && !('architecture' in given);

/** Rows for so many parameters at a width, rounded up to a multiple. */
export const neededHeight = (parameters: number, width: number, multiple = 4): number =>
  Math.max(1, Math.ceil(Math.ceil(parameters / width) / multiple)) * multiple;
