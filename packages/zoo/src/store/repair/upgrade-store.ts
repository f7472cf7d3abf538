import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { nextTask, parseOptions } from '@netspace/prep/internal';

import { checkedBytes, openCatalog } from '../catalog.js';
import { DAMAGED_ZOO } from './damaged-zoo.js';
import type { InstanceRecord } from '../instance-record.js';
import { append, ownFile } from '../log/append.js';
import { readHead, writeHead } from '../log/head.js';
import { emptyLog, grown } from '../log/log-state.js';
import { numbering } from '../log/numbered.js';
import { draftOfStored } from '../log/stored-draft.js';
import { stopOptions, type StopOptions } from '../stop-options.js';
import { checkFiles, oneAtATime, type StoreFiles } from '../files/store-files.js';
import { MANIFEST_FILE } from '../store-manifest.js';
import { survivingRecords } from './surviving-records.js';

/** Networks that are moved at once. */
const BATCH = 64;

/**
 * Moves a store of an earlier version into segments and shards. Until all of it is moved the store is what it was; one that was moved before
 * stays as it is, but for files that a broken move left.
 *
 * @returns how many networks were moved
 * @throws NetSpaceError `CORRUPT_FILE` if a network is not the one that was added, or a ClassId contradicts the others, or there are shards of other networks: nothing is changed then;
 *   `ABORTED` when the signal stopped it; `INVALID_OPTION` for options that are unknown or wrong
 * @example
 * ```ts
 * import { memoryFiles, openInstanceStore, upgradeStore } from '@netspace/zoo';
 *
 * const files = memoryFiles(); // `directoryFiles(folder)` in Node
 * openInstanceStore(files, { layout: 'files' });
 * console.log(await upgradeStore(files)); // 0
 * ```
 */
export async function upgradeStore(files: StoreFiles, options: StopOptions = {}): Promise<number> {
  const { signal } = parseOptions('upgradeStore', stopOptions, options);
  checkFiles(files);
  return oneAtATime(files, async () => {
    const old = openCatalog(files, 'files');
    const records = await old.list();
    const isOld = readHead(await files.read(MANIFEST_FILE).catch(emptyIfNone)) === undefined;
    if (isOld && records.length > 0) {
      await refuseOthers(files, records);
      let state = emptyLog();
      for (let from = 0; from < records.length; from += BATCH) {
        await nextTask(); // lets the signal in
        if (signal?.aborted) throw new NetSpaceError('ABORTED', `upgradeStore: stopped by its signal; the store is what it was`);
        const batch = records.slice(from, from + BATCH);
        const { records: more, ...rest } = await append(
          files,
          state,
          await Promise.all(batch.map(async (record) => draftOfStored(record, await old.bytesOf(record)))),
        );
        state = grown(state, more, rest);
      }
      checkNumbers(records, numbering()(state.records));
      await files.write(MANIFEST_FILE, writeHead({ head: state.head, adding: false }));
    }
    const now = await openCatalog(files, 'shards').list();
    for (const { name, sha256, offset } of now) if (offset !== undefined) await files.remove?.(ownFile(name, sha256));
    return isOld ? records.length : 0;
  });
}

/** What a broken move left is written over. Networks that the manifest does not know are of another zoo, or of this one later. */
async function refuseOthers(files: StoreFiles, records: readonly InstanceRecord[]): Promise<void> {
  const hashes = new Map(records.map(({ name, sha256 }) => [name, sha256]));
  for (const { record } of (await survivingRecords(files)).records) {
    if (hashes.get(record.name) === record.sha256) continue;
    const isWhole = await checkedBytes(files, record).then(() => true, () => false); // prettier-ignore
    if (!isWhole) continue;
    throw new NetSpaceError(
      'CORRUPT_FILE',
      `upgradeStore: expected shards of the networks that ${MANIFEST_FILE} names, got ${record.name} in ${record.file}, which it does not know, as if it were older than the shards; ${DAMAGED_ZOO}`,
    );
  }
}

function emptyIfNone(error: unknown): Uint8Array {
  if (isNetSpaceError(error) && error.code === 'NOT_FOUND') return new Uint8Array();
  throw error;
}

function checkNumbers(before: readonly InstanceRecord[], after: readonly InstanceRecord[]): void {
  const wrong = before.find(({ classId }, i) => classId !== after[i]!.classId);
  if (wrong === undefined) return;
  throw new NetSpaceError(
    'CORRUPT_FILE',
    `upgradeStore: expected ClassId ${after[before.indexOf(wrong)]!.classId} of ${wrong.name}, got ${wrong.classId}; netspace zoo verify says more, and nothing was changed`,
  );
}
