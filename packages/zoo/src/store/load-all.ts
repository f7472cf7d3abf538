import { disposeInstances, NetSpaceError, type Instance } from '@netspace/prep';
import { nextTask, parseOptions } from '@netspace/prep/internal';

import type { InstanceStore } from './instance-store.js';
import { stopOptions, type StopOptions } from './stop-options.js';
import type { InstanceRecord } from './instance-record.js';

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
 * @throws NetSpaceError as `store.load`; `ABORTED` when the signal stopped it, with nothing left to dispose; `INVALID_OPTION`
 *   for options that are unknown or wrong
 * @example
 * ```ts
 * import '@tensorflow/tfjs';
 * import { disposeInstances } from '@netspace/prep';
 * import { initialize, loadAll, memoryFiles, openInstanceStore, siren } from '@netspace/zoo';
 *
 * const architecture = siren({ hidden: 4 });
 * const instance = { architecture, parameters: initialize(architecture.parameters, { seed: 1, scheme: 'siren' }) };
 * const store = openInstanceStore(memoryFiles());
 * await store.add({ name: 'chair', instance, epochs: 1, seed: 1, metrics: { mse: 0.01 } });
 * const zoo = await loadAll(store);
 * console.log(zoo.map(({ name, record }) => `${name}: ${record.metrics['mse']}`)); // [ 'chair: 0.01' ]
 * disposeInstances(zoo.map(({ instance }) => instance));
 * ```
 */
export async function loadAll(
  store: Pick<InstanceStore, 'list' | 'load'>,
  records?: readonly Pick<InstanceRecord, 'name'>[],
  options: StopOptions = {},
): Promise<readonly StoredInstance[]> {
  const { signal } = parseOptions('loadAll', stopOptions, options);
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
