import { NetSpaceError, type Instance } from '@netspace/prep';
import { openInstanceStore, type InstanceRecord, type InstanceStore } from '@netspace/zoo';

import { directoryFiles } from '../files/directory-files.js';

/** An instance of a zoo with what the zoo knows of it. */
export type ZooEntry = { readonly name: string; readonly instance: Instance; readonly record: InstanceRecord };

/**
 * The zoo in a folder.
 *
 * @throws NetSpaceError `NOT_FOUND` if there is none, or an empty one
 */
export async function openZoo(folder: string): Promise<{ readonly store: InstanceStore; readonly records: readonly InstanceRecord[] }> {
  const store = openInstanceStore(directoryFiles(folder));
  const records = await store.list();
  if (records.length === 0) {
    throw new NetSpaceError('NOT_FOUND', `openZoo: expected instances in ${folder}, got none; build a zoo there with netspace zoo build`);
  }
  return { store, records };
}

/** Loads some instances of a zoo, in order; the caller disposes their parameters. */
export async function loadEntries(store: InstanceStore, records: readonly InstanceRecord[]): Promise<ZooEntry[]> {
  const entries: ZooEntry[] = [];
  for (const { name } of records) {
    const { record, ...instance } = await store.load(name);
    entries.push({ name, instance, record });
  }
  return entries;
}
