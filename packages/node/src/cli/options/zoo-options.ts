import { NetSpaceError } from '@netspace/prep';
import type { InstanceRecord } from '@netspace/zoo';

import type { Called } from '../called.js';
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
  called: Called = {},
): readonly InstanceRecord[] {
  if (names === undefined) return records;
  const picked = names.map((name) => pickRecord(records, name, zoo, called));
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
 * The record of one name, or of a part that only one name has, as {@link recordsNamed} takes it.
 *
 * @throws NetSpaceError `NOT_FOUND` if no name has that part, or several have it, naming some of them
 */
export function pickRecord(records: readonly InstanceRecord[], name: string, zoo: string, called: Called = {}): InstanceRecord {
  const found = recordsNamed(records, name);
  if (found.length === 1) return found[0]!;
  const list = commandLine(called, ['zoo', 'list', zoo]);
  if (found.length === 0) {
    const near = records.filter((record) => name !== '' && record.name.toLowerCase().includes(name.toLowerCase()));
    const meant = near.length === 0 ? '' : `; did you mean ${shownNames(near)}?`;
    throw new NetSpaceError('NOT_FOUND', `expected an instance of ${zoo}, got '${name}'${meant}; ${list} shows their names`);
  }
  throw new NetSpaceError(
    'NOT_FOUND',
    `expected the name of one instance of ${zoo}, or a part that no other name has, got '${name}', which fits ${found.length} names: ${shownNames(found)}; write more of it`,
  );
}

function shownNames(records: readonly InstanceRecord[]): string {
  const names = records.slice(0, SHOWN).map(({ name }) => name);
  return `${names.join(', ')}${records.length > SHOWN ? ` and ${records.length - SHOWN} more` : ''}`;
}

/**
 * The record of that name; else all whose names begin with it; else all that have it, between hyphens, after the architecture: `s1`, `n40` and
 * `s1-n40` of `lenet-like-1x28x28-10-s1-n40`; else all whose names go on so after the architecture, or end so.
 */
export function recordsNamed(records: readonly InstanceRecord[], name: string): readonly InstanceRecord[] {
  const exact = records.find((candidate) => candidate.name === name);
  if (exact !== undefined) return [exact];
  if (name === '') return [];
  const fits: readonly ((candidate: InstanceRecord) => boolean)[] = [
    (candidate) => candidate.name.startsWith(name),
    (candidate) => `-${ownPart(candidate)}-`.includes(`-${name}-`),
    (candidate) => ownPart(candidate).startsWith(name) || candidate.name.endsWith(name),
  ];
  for (const fit of fits) {
    const found = records.filter(fit);
    if (found.length > 0) return found;
  }
  return [];
}

/** The name without the architecture at its front. */
const ownPart = ({ name, architecture }: InstanceRecord): string =>
  name.startsWith(`${architecture}-`) ? name.slice(architecture.length + 1) : name;
