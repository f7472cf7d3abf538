import { NetSpaceError } from '@netspace/prep';
import { parseJson, show } from '@netspace/prep/internal';

import { DAMAGED_ZOO } from './repair/damaged-zoo.js';
import { type InstanceRecord, isObject, kindOf, wrongField } from './instance-record.js';

export interface StoreManifest {
  readonly schemaVersion: 1;
  readonly instances: readonly InstanceRecord[];
}

export const MANIFEST_FILE = 'manifest.json';

/** Refused beyond these, before anything is parsed. */
export const MANIFEST_LIMITS = { bytes: 64 * 1024 * 1024, instances: 100_000 } as const;

export const writeManifest = (manifest: StoreManifest): Uint8Array =>
  new TextEncoder().encode(`${JSON.stringify(manifest, undefined, 2)}\n`);

/**
 * Reads and checks `manifest.json`.
 *
 * @throws NetSpaceError `LIMIT_EXCEEDED` if it is larger than MANIFEST_LIMITS, `UNSUPPORTED` if its schema version is not 1,
 *   `CORRUPT_FILE` if it is not a manifest
 */
export function readManifest(bytes: Uint8Array): StoreManifest {
  if (bytes.length > MANIFEST_LIMITS.bytes) {
    throw new NetSpaceError(
      'LIMIT_EXCEEDED',
      `readManifest: expected at most ${MANIFEST_LIMITS.bytes} bytes, got ${bytes.length}; split the store`,
    );
  }
  const manifest = parseManifest(bytes);
  if (!isObject(manifest)) throw corrupt(`expected an object, got ${kindOf(manifest)}`);
  const { schemaVersion, instances } = manifest;
  if (schemaVersion !== 1) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `readManifest: expected schemaVersion 1 or 2, got ${show(schemaVersion)}; the store was written by another version of @netspace/zoo: update the package, or build the store again`,
    );
  }
  if (!Array.isArray(instances)) throw corrupt(`expected instances as a list, got ${kindOf(instances)}`);
  if (instances.length > MANIFEST_LIMITS.instances) {
    throw new NetSpaceError(
      'LIMIT_EXCEEDED',
      `readManifest: expected at most ${MANIFEST_LIMITS.instances} instances, got ${instances.length}; split the store`,
    );
  }
  const records = instances.map(checkRecord);
  const names = new Set<string>();
  for (const { name } of records) {
    if (names.has(name)) throw corrupt(`expected each name once, got ${name} twice`);
    names.add(name);
  }
  return { schemaVersion, instances: records };
}

function parseManifest(bytes: Uint8Array): unknown {
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new NetSpaceError('CORRUPT_FILE', `readManifest: expected ${MANIFEST_FILE} as JSON; ${DAMAGED_ZOO}`, { cause });
  }
}

function checkRecord(record: unknown, index: number): InstanceRecord {
  if (!isObject(record)) throw corrupt(`expected instance ${index} as an object, got ${kindOf(record)}`);
  const wrong = wrongField(record);
  if (wrong === undefined) return record as unknown as InstanceRecord;
  throw corrupt(`expected instances[${index}].${wrong.key} as ${wrong.expected}, got ${show(record[wrong.key])}`);
}

const corrupt = (problem: string): NetSpaceError => new NetSpaceError('CORRUPT_FILE', `readManifest: ${problem}; ${DAMAGED_ZOO}`);
