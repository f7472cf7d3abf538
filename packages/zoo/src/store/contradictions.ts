import type { InstanceRecord } from './store-manifest.js';

/** The architectures of some records by parameter count, those of equal count by name: the place of each is its ClassId. */
export function architecturesInOrder(records: readonly InstanceRecord[]): readonly string[] {
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
  const owners = new Map<string, string>();
  return records.flatMap(({ name, file }) => {
    const owner = owners.get(file);
    owners.set(file, owner ?? name);
    return owner === undefined ? [] : [{ name, problem: `verify: expected a file of its own, got ${file}, which is ${owner}'s` }];
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
