import type { InstanceEntry, InstanceRecord, InstanceStore } from '@netspace/zoo';

/**
 * Adds an instance unless another builder of the same recipe has added it meanwhile.
 *
 * @returns undefined if it was there already
 * @throws NetSpaceError as `store.add` otherwise
 */
export async function addOnce(store: InstanceStore, entry: InstanceEntry): Promise<InstanceRecord | undefined> {
  try {
    return await store.add(entry);
  } catch (error) {
    if (await store.has(entry.name)) return undefined;
    throw error;
  }
}
