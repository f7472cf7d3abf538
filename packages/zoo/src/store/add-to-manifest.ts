import { architecturesInOrder } from './contradictions.js';
import type { InstanceRecord } from './instance-record.js';
import { type Draft, ownFile } from './log/append.js';
import type { StoreFiles } from './files/store-files.js';
import { MANIFEST_FILE, writeManifest } from './store-manifest.js';

/**
 * Writes a file for each network, then all records anew: what each network costs grows with their number.
 *
 * @param before undefined if there is no manifest: one of no networks is written first, so that files without one are half a copy
 */
export async function addToManifest(
  files: StoreFiles,
  before: readonly InstanceRecord[] | undefined,
  drafts: readonly Draft[],
): Promise<readonly InstanceRecord[]> {
  if (before === undefined) await files.write(MANIFEST_FILE, writeManifest({ schemaVersion: 1, instances: [] }));
  let records = before ?? [];
  for (const { record, bytes } of drafts) {
    const { name, architecture, parameterCount, classId, epochs, seed, metrics, sha256 } = record;
    const file = ownFile(name, sha256);
    await files.write(file, bytes);
    const next = { name, architecture, parameterCount, classId: classId ?? 0, epochs, seed, metrics, file, sha256, bytes: bytes.length };
    records = classId === undefined ? numberClasses([...records, next]) : [...records, next];
  }
  await files.write(MANIFEST_FILE, writeManifest({ schemaVersion: 1, instances: records }));
  return records;
}

/** ClassId = index of the architecture in order of parameter count, of equals by name. */
function numberClasses(records: readonly InstanceRecord[]): InstanceRecord[] {
  const order = architecturesInOrder(records);
  return records.map((record) => ({ ...record, classId: order.indexOf(record.architecture) }));
}
