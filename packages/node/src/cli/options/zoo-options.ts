import { NetSpaceError } from '@netspace/prep';
import type { InstanceRecord } from '@netspace/zoo';

import { commandLine } from '../training/way-on.js';

/**
 * The records of some names, in their order; all records if no names are given.
 *
 * @throws NetSpaceError `NOT_FOUND` as {@link pickRecord}, `INVALID_OPTION` if two of the names are those of one instance
 */
export function pickRecords(
  records: readonly InstanceRecord[],
  names: readonly string[] | undefined,
  zoo: string,
): readonly InstanceRecord[] {
  if (names === undefined) return records;
  const picked = names.map((name) => pickRecord(records, name, zoo));
  const twice = picked.findIndex((record, i) => picked.indexOf(record) !== i);
  if (twice < 0) return picked;
  throw new NetSpaceError(
    'INVALID_OPTION',
    `expected each instance once, got ${picked[twice]!.name} twice, the second time as '${names[twice]!}'; leave one out`,
  );
}

/** Names that a message shows. */
const SHOWN = 5;

/**
 * The record of one name, or of the beginning of one name.
 *
 * @throws NetSpaceError `NOT_FOUND` if no name begins so, or several do, naming some of them
 */
export function pickRecord(records: readonly InstanceRecord[], name: string, zoo: string): InstanceRecord {
  const found = recordsNamed(records, name);
  if (found.length === 1) return found[0]!;
  const list = commandLine(['zoo', 'list', zoo]);
  if (found.length === 0) {
    throw new NetSpaceError('NOT_FOUND', `expected an instance of ${zoo}, got '${name}'; ${list} shows their names`);
  }
  const shown = found.slice(0, SHOWN).map((record) => record.name);
  const more = found.length > SHOWN ? ` and ${found.length - SHOWN} more` : '';
  throw new NetSpaceError(
    'NOT_FOUND',
    `expected the name of one instance of ${zoo}, or its beginning, got '${name}', with which ${found.length} names begin: ${shown.join(', ')}${more}; write more of it`,
  );
}

/** The record of that name; else all whose names begin with it. */
export function recordsNamed(records: readonly InstanceRecord[], name: string): readonly InstanceRecord[] {
  const exact = records.find((candidate) => candidate.name === name);
  return exact === undefined ? records.filter((candidate) => name !== '' && candidate.name.startsWith(name)) : [exact];
}
