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
  /** Path within the store of the file that its bytes are in: a safetensors file, of its own or one of many in a shard. */
  readonly file: string;
  /** Where its safetensors file begins in that shard, in bytes; not there if it has a file of its own. */
  readonly offset?: number;
  /** Of its safetensors file, in hexadecimal. */
  readonly sha256: string;
  /** Size of its safetensors file. */
  readonly bytes: number;
}

/** Instance names become file names: letters, digits, and `. _ -` after the first. */
export const isInstanceName = (name: unknown): name is string =>
  typeof name === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(name);

interface Field {
  readonly is: (value: unknown) => boolean;
  readonly expected: string;
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
export const isSha256 = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isPath = (value: unknown): boolean =>
  typeof value === 'string' && value.length < 1024 && /^[\w.-]+(\/[\w.-]+)*$/.test(value) && !/(^|\/)\.+(\/|$)/.test(value);

const count: Field = { is: isCount, expected: 'a whole number' };
const optionalCount: Field = { is: (value) => value === undefined || isCount(value), expected: 'a whole number' };
const FIELDS = {
  name: { is: isInstanceName, expected: 'a name of letters, digits and . _ -' },
  architecture: { is: (value) => typeof value === 'string' && value !== '', expected: "an architecture's name" },
  parameterCount: count,
  classId: count,
  epochs: { is: (value) => Number.isFinite(value) && (value as number) >= 0, expected: 'a number from 0' },
  seed: count,
  metrics: {
    is: (value) => isObject(value) && Object.values(value).every(Number.isFinite),
    expected: 'numbers by name',
  },
  file: { is: isPath, expected: 'a path within the store' },
  offset: optionalCount,
  sha256: { is: isSha256, expected: '64 hexadecimal digits' },
  bytes: count,
} satisfies Readonly<Record<keyof InstanceRecord, Field>>;

/** What is wrong with something that should be a record. */
export interface WrongField {
  readonly key: string;
  readonly expected: string;
}

/** A check of records, given fields of which differ from a record's. */
export const fieldCheck = (other: Partial<Record<keyof InstanceRecord, Field>> = {}) => {
  const fields = Object.entries<Field>({ ...FIELDS, ...other }); // once: an index has many records
  return (record: Readonly<Record<string, unknown>>): WrongField | undefined => {
    for (const [key, { is, expected }] of fields) if (!is(record[key])) return { key, expected };
    return undefined;
  };
};

/** The first field of a record that is missing or wrong. */
export const wrongField = fieldCheck();

/** As an index keeps it: a ClassId only where one was given by hand, for the others follow from all records. */
export type KeptRecord = Omit<InstanceRecord, 'classId'> & { readonly classId?: number };

/** The first field of a kept record that is missing or wrong. */
export const wrongKeptField = fieldCheck({ classId: optionalCount });

const nothing: Field = { is: (value) => value === undefined, expected: 'nothing' };
const wrongDraftField = fieldCheck({ classId: optionalCount, file: nothing, offset: nothing, bytes: nothing });

/** Whether something is a record of a network that no store has yet: without a place. */
export const isDraftRecord = (value: unknown): value is Omit<KeptRecord, 'file' | 'offset' | 'bytes'> =>
  isObject(value) && wrongDraftField(value) === undefined;

export const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value);
