import { disposeInstances, NetSpaceError, type Instance } from '@netspace/prep';
import { nextTask } from '@netspace/prep/internal';

import type { InstanceStore } from './instance-store.js';
import type { InstanceRecord } from './store-manifest.js';

/** A network of a zoo with what the zoo knows of it. */
export interface StoredInstance {
  readonly name: string;
  readonly instance: Instance;
  readonly record: InstanceRecord;
}

/**
 * Loads networks of a store, one after the other.
 *
 * @param records which, in this order; all of the store, in the order in which they were added, unless given
 * @returns networks whose parameters the caller disposes
 * @throws NetSpaceError as `store.load`; `ABORTED` when the signal stopped it, with nothing left to dispose
 * @example
 * ```ts
 * import { loadAll, memoryFiles, openInstanceStore } from '@netspace/zoo';
 *
 * const zoo = await loadAll(openInstanceStore(memoryFiles()));
 * console.log(zoo.map(({ name, record }) => `${name}: ${record.metrics['testAccuracy']}`));
 * ```
 */
export async function loadAll(
  store: Pick<InstanceStore, 'list' | 'load'>,
  records?: readonly Pick<InstanceRecord, 'name'>[],
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<readonly StoredInstance[]> {
  const entries: StoredInstance[] = [];
  for (const { name } of records ?? (await store.list())) {
    await nextTask(); // lets the signal in
    if (signal?.aborted) {
      disposeInstances(entries.map(({ instance }) => instance));
      throw new NetSpaceError('ABORTED', `loadAll: stopped by its signal after ${entries.length} networks`);
    }
    const { record, ...instance } = await store.load(name);
    entries.push({ name, instance, record });
  }
  return entries;
}
