import { NetSpaceError } from '@netspace/prep';

import type { InstanceRecord } from './instance-record.js';

/** What is compared of a network: the record that a store keeps of it. */
export type Recorded = { readonly record: Pick<InstanceRecord, 'architecture' | 'parameterCount' | 'metrics'> };

/**
 * The best network of several: that of the highest `metrics.testAccuracy`, or of the smallest `metrics.testMse` or
 * `metrics.mse` where no accuracy was measured.
 * Of equals it is the first.
 *
 * @throws NetSpaceError `INVALID_OPTION` if there are none
 * @example
 * ```ts
 * import { bestOf } from '@netspace/zoo';
 *
 * const network = (name: string, parameterCount: number, testAccuracy: number) => ({
 *   ...{ name, record: { architecture: `of-${parameterCount}`, parameterCount, metrics: { testAccuracy } } },
 * }); // `loadAll(store)` gives these, with their instances
 * const zoo = [network('a', 100, 0.5), network('b', 100, 0.9), network('c', 200, 0.7)];
 * console.log(bestOf(zoo).name); // b
 * ```
 */
export function bestOf<Entry extends Recorded>(entries: readonly Entry[]): Entry {
  const [first, ...others] = entries;
  if (first === undefined) throw new NetSpaceError('INVALID_OPTION', 'bestOf: expected at least one network, got none');
  return others.reduce((best, entry) => (merit(entry) > merit(best) ? entry : best), first);
}

/**
 * The best network of each architecture, in the order in which architectures appear.
 *
 *
 * @example
 * ```ts
 * import { bestOfEach } from '@netspace/zoo';
 *
 * const network = (name: string, parameterCount: number, testAccuracy: number) => ({
 *   ...{ name, record: { architecture: `of-${parameterCount}`, parameterCount, metrics: { testAccuracy } } },
 * }); // `loadAll(store)` gives these, with their instances
 * const zoo = [network('a', 100, 0.5), network('b', 100, 0.9), network('c', 200, 0.7)];
 * console.log(bestOfEach(zoo).map(({ name }) => name)); // [ 'b', 'c' ]
 * ```
 */
export function bestOfEach<Entry extends Recorded>(entries: readonly Entry[]): readonly Entry[] {
  const names = [...new Set(entries.map(({ record }) => record.architecture))];
  return names.map((name) => bestOf(entries.filter(({ record }) => record.architecture === name)));
}

/**
 * The best network of the largest architecture, whose weights fill a PRep most.
 *
 * @throws NetSpaceError `INVALID_OPTION` if there are none
 * @example
 * ```ts
 * import { bestOfLargest } from '@netspace/zoo';
 *
 * const network = (name: string, parameterCount: number, testAccuracy: number) => ({
 *   ...{ name, record: { architecture: `of-${parameterCount}`, parameterCount, metrics: { testAccuracy } } },
 * }); // `loadAll(store)` gives these, with their instances
 * const zoo = [network('a', 100, 0.5), network('b', 100, 0.9), network('c', 200, 0.7)];
 * console.log(bestOfLargest(zoo).name); // c
 * ```
 */
export function bestOfLargest<Entry extends Recorded>(entries: readonly Entry[]): Entry {
  const largest = Math.max(...entries.map(({ record }) => record.parameterCount));
  return bestOf(entries.filter(({ record }) => record.parameterCount === largest));
}

const merit = ({ record: { metrics } }: Recorded): number => metrics['testAccuracy'] ?? -(metrics['testMse'] ?? metrics['mse'] ?? 0);
