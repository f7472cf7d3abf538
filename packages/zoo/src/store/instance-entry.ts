import { NetSpaceError } from '@netspace/prep';
import {
  type GivenBy,
  instance,
  nonNegative,
  objectOf,
  optional,
  parseOptions,
  seed,
  text,
  thing,
  type UsedBy,
  whole,
} from '@netspace/prep/internal';

import { checkInteger, checkNumber } from '../architectures/check-option.js';
import { isInstanceName } from './instance-record.js';
import { LOG_LIMITS } from './log/log-limits.js';

/** See {@link InstanceEntry}. */
export const instanceEntry = objectOf({
  /** Letters, digits and `. _ -`; each name once in a store. */
  name: text,
  instance,
  /** How long it was trained. */
  epochs: nonNegative,
  /** Of its initial values and data order. */
  seed,
  /** Whatever was measured, by name, such as `testAccuracy`; finite. */
  metrics: thing<Readonly<Record<string, number>>>('an object of numbers by name', []),
  /**
   * The index of its architecture. Without it, it is its place by parameter count among all architectures of the store: give it for all
   * entries or for none.
   * @default by parameter count
   */
  classId: optional(whole),
});

/** A network to add to a store. */
export interface InstanceEntry extends GivenBy<typeof instanceEntry> {}

/** Checks an entry, of which no weight has been looked at. */
export function checkedEntry(given: InstanceEntry): UsedBy<typeof instanceEntry> {
  const entry = parseOptions('add', instanceEntry, given);
  const { name, classId = 0, metrics } = entry;
  if (!isInstanceName(name)) {
    throw new NetSpaceError('INVALID_OPTION', `add: expected a name of letters, digits and . _ - (at most 128), got '${name}'; rename it`);
  }
  checkInteger('add', 'classId', classId, 0, LOG_LIMITS.instances);
  for (const [metric, value] of Object.entries(metrics))
    checkNumber('add', `metrics.${metric}`, value, -Number.MAX_VALUE, Number.MAX_VALUE);
  return entry;
}
