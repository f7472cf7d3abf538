import { isNetSpaceError, NetSpaceError } from '../errors.js';

/** Where numbers became NaN or infinite. */
export interface Divergence {
  /** The last step whose numbers are known to be finite. */
  readonly after: number;
  /** The step after which a number was found that is not finite. Losses and weights are checked every few steps. */
  readonly step: number;
  /** What was not finite: a loss term by name, or `weight` with the name of a tensor. */
  readonly term: string;
}

/**
 * The details of an error with code `DIVERGED`; undefined for every other error.
 *
 * @example
 * ```ts
 * import { divergenceOf } from '@netspace/prep';
 *
 * console.log(divergenceOf(new Error('another'))); // undefined
 * ```
 */
export function divergenceOf(error: unknown): Divergence | undefined {
  if (!isNetSpaceError(error) || error.code !== 'DIVERGED') return undefined;
  const { cause } = error;
  return typeof cause === 'object' && cause !== null && 'step' in cause && 'term' in cause ? (cause as Divergence) : undefined;
}

/** The error of a training or a search that diverged. */
export const diverged = (call: string, divergence: Divergence, remedy: string): NetSpaceError =>
  new NetSpaceError(
    'DIVERGED',
    `${call}: expected finite losses and weights, got ${divergence.term} that is NaN or infinite ${placeIn(divergence)}; ${remedy}`,
    { cause: divergence },
  );

const placeIn = ({ after, step }: Divergence): string => (step - after <= 1 ? `at step ${step}` : `between steps ${after + 1} and ${step}`);
