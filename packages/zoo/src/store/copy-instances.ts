import { NetSpaceError } from '@netspace/prep';
import {
  abortSignal,
  functionOf,
  type GivenBy,
  nextTask,
  objectOf,
  oneOf,
  optional,
  parseOptions,
  thing,
  withDefault,
} from '@netspace/prep/internal';

import { openCatalog } from './catalog.js';
import type { InstanceRecord } from './instance-record.js';
import { draftOfStored } from './log/stored-draft.js';
import { checkFiles, type StoreFiles } from './files/store-files.js';

/** Networks that are copied at once. */
const BATCH = 64;

/** See {@link CopyInstancesOptions}. */
export const copyInstancesOptions = objectOf({
  /** Which, as the store lists them. */
  records: thing<readonly InstanceRecord[]>('records of a store', ['length', 'slice']),
  /**
   * How the other store is kept if it is new, as of `openInstanceStore`.
   * @default 'shards'
   */
  layout: withDefault(oneOf(['shards', 'files']), 'shards'),
  /** Stops the copying; what was copied stays. */
  signal: optional(abortSignal),
  /** Called after some networks, with how many are there. */
  onCopy: optional(functionOf<(done: number) => void>()),
});

/** Options of {@link copyInstances}. */
export interface CopyInstancesOptions extends GivenBy<typeof copyInstancesOptions> {}

/**
 * Copies networks from one store to another, bytes and facts as they are; each is compared with its hash on the way.
 *
 * @param from files of the store that has them
 * @param to files of a store that has none of their names
 * @throws NetSpaceError `CORRUPT_FILE` for a network that is not the one that was added, `INVALID_OPTION` if a name is taken there, or for
 *   options that are unknown, missing or wrong; `ABORTED` when the signal stopped it
 * @example
 * ```ts
 * import { copyInstances, memoryFiles, openInstanceStore } from '@netspace/zoo';
 *
 * const [from, to] = [memoryFiles(), memoryFiles()]; // `directoryFiles(folder)` in Node
 * const records = (await openInstanceStore(from).list()).filter(({ metrics }) => metrics['testAccuracy']! > 0.9);
 * await copyInstances(from, to, { records });
 * ```
 */
export async function copyInstances(from: StoreFiles, to: StoreFiles, options: CopyInstancesOptions): Promise<void> {
  const { records, layout, signal, onCopy } = parseOptions('copyInstances', copyInstancesOptions, options);
  checkFiles(from);
  checkFiles(to);
  const [source, target] = [openCatalog(from, 'shards'), openCatalog(to, layout)];
  for (let at = 0; at < records.length; at += BATCH) {
    await nextTask(); // lets the signal in
    if (signal?.aborted)
      throw new NetSpaceError('ABORTED', `copyInstances: stopped by its signal after ${at} of ${records.length} networks`);
    const batch = records.slice(at, at + BATCH);
    await target.add(await Promise.all(batch.map(async (record) => draftOfStored(record, await source.bytesOf(record)))));
    onCopy?.(at + batch.length);
  }
}
