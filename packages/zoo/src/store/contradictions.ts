import type { InstanceRecord } from './instance-record.js';

/** The architectures of some records by parameter count, those of equal count by name: the place of each is its ClassId. */
export function architecturesInOrder(records: readonly Pick<InstanceRecord, 'architecture' | 'parameterCount'>[]): readonly string[] {
  const counts = new Map(records.map(({ architecture, parameterCount }) => [architecture, parameterCount]));
  return [...counts].toSorted(([a, i], [b, j]) => i - j || (a < b ? -1 : 1)).map(([architecture]) => architecture);
}

interface Contradiction {
  readonly name: string;
  readonly problem: string;
}

/**
 * What a manifest says that cannot be: two names for one file, or a ClassId that is not the architecture's.
 *
 * @param given ClassIds that were given by hand, by the instances' names; if there are none, all are numbered by parameter count
 */
export const contradictions = (records: readonly InstanceRecord[], given: ReadonlyMap<string, number>): readonly Contradiction[] => [
  ...sharedFiles(records),
  ...wrongClassIds(records, given),
];

function sharedFiles(records: readonly InstanceRecord[]): readonly Contradiction[] {
  const last = new Map<string, { readonly name: string; readonly end: number }>();
  return records.flatMap(({ name, file, offset, bytes }) => {
    const before = last.get(file);
    last.set(file, { name, end: (offset ?? 0) + bytes });
    if (before === undefined || (offset ?? 0) >= before.end) return [];
    const own = offset === undefined ? 'a file of its own' : 'bytes of its own';
    return [{ name, problem: `verify: expected ${own}, got ${file}, which is ${before.name}'s` }];
  });
}

function wrongClassIds(records: readonly InstanceRecord[], given: ReadonlyMap<string, number>): readonly Contradiction[] {
  const order = architecturesInOrder(records);
  return records.flatMap(({ name, architecture, classId }) => {
    const expected = given.get(name) ?? (given.size === 0 ? order.indexOf(architecture) : classId);
    if (classId === expected) return [];
    const reason = given.has(name) ? 'which was given with it' : `the place of ${architecture} by parameter count`;
    return [{ name, problem: `verify: expected ClassId ${expected}, ${reason}, got ${classId}` }];
  });
}
