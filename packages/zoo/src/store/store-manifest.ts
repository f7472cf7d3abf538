import { NetSpaceError } from '@netspace/prep';
import { parseJson, show } from '@netspace/prep/internal';

/** What a store knows of an instance without reading its weights. */
export interface InstanceRecord {
  readonly name: string;
  /** The architecture's name. */
  readonly architecture: string;
  /** Numbers in the architecture, which its ClassId follows. */
  readonly parameterCount: number;
  /** The architecture's index in order of parameter count. */
  readonly classId: number;
  /** How long it was trained. */
  readonly epochs: number;
  /** Of its initial values and data order. */
  readonly seed: number;
  /** Whatever was measured, by name, such as `testAccuracy`. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Path of its safetensors file within the store. */
  readonly file: string;
  /** Of that file, in hexadecimal. */
  readonly sha256: string;
  /** Size of that file. */
  readonly bytes: number;
}

export interface StoreManifest {
  readonly schemaVersion: 1;
  readonly instances: readonly InstanceRecord[];
}

export const MANIFEST_FILE = 'manifest.json';

/** Refused beyond these, before anything is parsed. */
export const MANIFEST_LIMITS = { bytes: 64 * 1024 * 1024, instances: 100_000 } as const;

/** Instance names become file names: letters, digits, and `. _ -` after the first. */
export const isInstanceName = (name: unknown): name is string =>
  typeof name === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(name);

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
      `readManifest: expected schemaVersion 1, got ${show(schemaVersion)}; the store was written by another version of @netspace/zoo: update the package, or build the store again`,
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
    throw new NetSpaceError(
      'CORRUPT_FILE',
      `readManifest: expected ${MANIFEST_FILE} as JSON; restore it from a copy, or build the store again`,
      { cause },
    );
  }
}

function checkRecord(record: unknown, index: number): InstanceRecord {
  if (!isObject(record)) throw corrupt(`expected instance ${index} as an object, got ${kindOf(record)}`);
  if (isInstanceRecord(record)) return record;
  const [key, { expected }] = wrongField(record)!;
  throw corrupt(`expected instances[${index}].${key} as ${expected}, got ${show(record[key])}`);
}

const isInstanceRecord = (record: Record<string, unknown>): record is Record<string, unknown> & InstanceRecord =>
  wrongField(record) === undefined;

const wrongField = (record: Record<string, unknown>): [string, Field] | undefined =>
  Object.entries(FIELDS).find(([key, { is }]) => !is(record[key]));

interface Field {
  readonly is: (value: unknown) => boolean;
  readonly expected: string;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isPath = (value: unknown): boolean =>
  typeof value === 'string' &&
  value.length < 1024 &&
  /^[\w.-]+(\/[\w.-]+)*$/.test(value) &&
  !value.split('/').some((part) => /^\.+$/.test(part));

const count: Field = { is: isCount, expected: 'a whole number' };
const FIELDS: Readonly<Record<keyof InstanceRecord, Field>> = {
  name: { is: isInstanceName, expected: 'a name of letters, digits and . _ -' },
  architecture: { is: (value) => typeof value === 'string' && value !== '', expected: "an architecture's name" },
  parameterCount: count,
  classId: count,
  epochs: { is: (value) => typeof value === 'number' && value >= 0, expected: 'a number from 0' },
  seed: count,
  metrics: {
    is: (value) => isObject(value) && Object.values(value).every((metric) => typeof metric === 'number'),
    expected: 'numbers by name',
  },
  file: { is: isPath, expected: 'a path within the store' },
  sha256: { is: (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value), expected: '64 hexadecimal digits' },
  bytes: count,
};

const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value);

const corrupt = (problem: string): NetSpaceError =>
  new NetSpaceError('CORRUPT_FILE', `readManifest: ${problem}; restore ${MANIFEST_FILE} from a copy, or build the store again`);
