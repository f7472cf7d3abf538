import { NetSpaceError } from '@netspace/prep';
import { openInstanceStore, type InstanceRecord, type InstanceStore } from '@netspace/zoo';

import { directoryFiles } from '../../files/directory-files.js';

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
