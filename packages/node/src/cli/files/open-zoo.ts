import { NetSpaceError } from '@netspace/prep';
import type { InstanceRecord, InstanceStore } from '@netspace/zoo';

import { architecturesIn, isOnnxName } from '../../architectures/architectures-in.js';
import { openZooFolder } from '../../architectures/open-zoo-folder.js';

/**
 * The zoo in a folder.
 *
 * @throws NetSpaceError `NOT_FOUND` if there is none, or an empty one, or the graph of an architecture is missing; as `architecturesIn`
 */
export async function openZoo(folder: string): Promise<{ readonly store: InstanceStore; readonly records: readonly InstanceRecord[] }> {
  const store = await openZooFolder(folder);
  const records = await store.list();
  if (records.length === 0) {
    throw new NetSpaceError('NOT_FOUND', `openZoo: expected instances in ${folder}, got none; build a zoo there with netspace zoo build`);
  }
  const graphs = new Set(records.map(({ architecture }) => architecture).filter(isOnnxName));
  if (graphs.size > 0) await checkGraphs(folder, graphs); // refuses at once what no network could be read without
  return { store, records };
}

async function checkGraphs(folder: string, names: ReadonlySet<string>): Promise<void> {
  const find = await architecturesIn(folder);
  for (const name of names) find(name);
}
