import { NetSpaceError } from '@netspace/prep';
import type { InstanceRecord } from '@netspace/zoo';

import { commandLine } from '../training/way-on.js';

/**
 * The records of some names, in their order; all records if no names are given.
 *
 * @throws NetSpaceError `NOT_FOUND` naming the first that is not there
 */
export function pickRecords(
  records: readonly InstanceRecord[],
  names: readonly string[] | undefined,
  zoo: string,
): readonly InstanceRecord[] {
  return names === undefined ? records : names.map((name) => pickRecord(records, name, zoo));
}

/** The record of one name; throws as {@link pickRecords}. */
export function pickRecord(records: readonly InstanceRecord[], name: string, zoo: string): InstanceRecord {
  const record = records.find((candidate) => candidate.name === name);
  if (record !== undefined) return record;
  throw new NetSpaceError(
    'NOT_FOUND',
    `expected an instance of ${zoo}, got '${name}'; ${commandLine(['zoo', 'list', zoo])} shows their names`,
  );
}
