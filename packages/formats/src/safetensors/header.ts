import { NetSpaceError } from '@netspace/prep';
import { jsonCursor, type JsonCursor } from './json-cursor.js';
import { brief } from '../pytorch/limits.js';
import { isRawTensorDtype, ITEM_SIZE, type RawTensorDtype } from '../raw-tensor.js';

/** Upper limits of a safetensors file, checked before anything of that size is allocated. */
export interface SafetensorsLimits {
  /** Bytes of JSON. */
  readonly headerBytes: number;
  /** Number of tensors in the file; the same number limits the pairs of its metadata. */
  readonly tensors: number;
  /** Axes of one tensor. */
  readonly rank: number;
  /** Bytes of tensor data altogether. */
  readonly dataBytes: number;
}

/** The limits that {@link readSafetensors} applies unless its option `limits` changes them. */
export const SAFETENSORS_LIMITS: SafetensorsLimits = {
  headerBytes: 16 * 2 ** 20,
  tensors: 100_000,
  rank: 64,
  dataBytes: 4 * 2 ** 30,
};

/** Where a tensor lies in the data section. */
interface TensorEntry {
  readonly name: string;
  readonly dtype: RawTensorDtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

interface SafetensorsHeader {
  /** In the order of their data. */
  readonly entries: readonly TensorEntry[];
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Parses and checks a header against the number of data bytes that follow it; nothing is read or allocated beyond the JSON.
 *
 * It reads and refuses the same headers as the Python package. If a name comes twice, the last one counts. Unknown fields are ignored.
 */
export function parseSafetensorsHeader(header: Uint8Array, dataBytes: number, limits: SafetensorsLimits): SafetensorsHeader {
  const entries = new Map<string, TensorEntry>();
  let metadata: Record<string, string> | undefined;
  reading(() => {
    const json = jsonCursor(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header));
    if (json.peek() !== '{') throw new SyntaxError(`not an object but ${kindOf(json)}`);
    json.object((name) => {
      if (name === '__metadata__') {
        if (metadata !== undefined) throw new SyntaxError('the key "__metadata__" twice');
        metadata = readMetadata(json, limits);
      } else {
        entries.set(name, readEntry(json, name, limits));
        checkCount(entries.size, limits);
      }
    });
    json.end();
  });
  const sorted = [...entries.values()].sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCoverage(sorted, dataBytes);
  return { entries: sorted, metadata: metadata ?? {} };
}

function reading(parse: () => void): void {
  try {
    parse();
  } catch (error) {
    if (error instanceof NetSpaceError) throw error;
    throw corrupt(`expected a JSON object as header, got ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function checkCount(count: number, { tensors }: SafetensorsLimits): void {
  if (count <= tensors) return;
  throw new NetSpaceError('LIMIT_EXCEEDED', `readSafetensors: expected at most ${tensors} tensors, got more; raise limits.tensors`);
}

function readMetadata(json: JsonCursor, limits: SafetensorsLimits): Record<string, string> {
  const pairs = new Map<string, string>();
  if (json.peek() === 'n') json.null();
  else {
    if (json.peek() !== '{') throw corrupt(`expected an object for __metadata__, got ${kindOf(json)}`);
    json.object((key) => {
      if (json.peek() !== '"') throw corrupt(`expected a string for __metadata__.${brief(key)}, got ${kindOf(json)}`);
      pairs.set(key, json.string());
      checkCount(pairs.size, limits);
    });
  }
  return Object.fromEntries(pairs);
}

const FIELDS = ['dtype', 'shape', 'data_offsets'] as const;

/** A tensor is an object of three fields, or the list of their values. */
function readEntry(json: JsonCursor, longName: string, limits: SafetensorsLimits): TensorEntry {
  const name = brief(longName);
  let dtype: RawTensorDtype | undefined;
  let shape: readonly bigint[] | undefined;
  let offsets: readonly bigint[] | undefined;
  const read = (field: string): void => {
    const before = field === 'dtype' ? dtype : field === 'shape' ? shape : field === 'data_offsets' ? offsets : undefined;
    if (before !== undefined) throw corrupt(`expected one ${field} for ${name}, got two`);
    if (field === 'dtype') dtype = readDtype(json, name);
    else if (field === 'shape') shape = readIntegers(json, name, 'a shape', limits.rank);
    else if (field === 'data_offsets') offsets = readIntegers(json, name, 'two data_offsets', 2);
    else json.skip();
  };
  const start = json.peek();
  if (start === '{') json.object(read);
  else if (start === '[') {
    json.list((index) => {
      if (index >= FIELDS.length) throw corrupt(`expected 3 values for ${name}, got more`);
      read(FIELDS[index]!);
    });
  } else throw corrupt(`expected an object for ${name}, got ${kindOf(json)}`);
  const missing = FIELDS[[dtype, shape, offsets].indexOf(undefined)];
  if (dtype === undefined || shape === undefined || offsets === undefined) throw corrupt(`expected a ${missing} for ${name}, got none`);
  if (offsets.length !== 2) throw corrupt(`expected two data_offsets for ${name}, got ${offsets.length}`);
  return checkEntry({ name, longName, dtype, shape, offsets });
}

/** The name of a data type, or an object with that name as its one key, as serde writes enums. */
function readDtype(json: JsonCursor, tensor: string): RawTensorDtype {
  let name = '';
  if (json.peek() === '{') {
    json.object((key) => {
      if (name !== '') throw corrupt(`expected a dtype for ${tensor}, got several`);
      name = key;
      json.null();
    });
  } else if (json.peek() === '"') name = json.string();
  else throw corrupt(`expected a dtype for ${tensor}, got ${kindOf(json)}`);
  if (!isRawTensorDtype(name)) throw corrupt(`expected a dtype for ${tensor}, got "${brief(name)}"`);
  return name;
}

function readIntegers(json: JsonCursor, name: string, what: string, most: number): bigint[] {
  const values: bigint[] = [];
  if (json.peek() !== '[') throw corrupt(`expected ${what} for ${name}, got ${kindOf(json)}`);
  json.list(() => {
    if (values.length === most) {
      if (most === 2) throw corrupt(`expected ${what} for ${name}, got more`);
      throw new NetSpaceError('LIMIT_EXCEEDED', `readSafetensors: expected at most ${most} axes of ${name}, got more; raise limits.rank`);
    }
    const digit = json.peek();
    if (!(digit >= '0' && digit <= '9')) throw corrupt(`expected ${what} for ${name} of whole numbers, got ${kindOf(json)}`);
    values.push(json.integer());
  });
  return values;
}

const TOO_LARGE = 2n ** 64n;

interface RawEntry {
  readonly name: string;
  readonly longName: string;
  readonly dtype: RawTensorDtype;
  readonly shape: readonly bigint[];
  readonly offsets: readonly bigint[];
}

function checkEntry({ name, longName, dtype, shape, offsets }: RawEntry): TensorEntry {
  let size = 1n;
  for (const side of shape) {
    size *= side;
    if (size >= TOO_LARGE) throw corrupt(`expected a shape of sizes with a product below 2^64 for ${name}, got [${shape}]`);
  }
  const sides = shape.map(Number);
  if (!sides.every(Number.isSafeInteger)) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `readSafetensors: expected sizes below 2^53 for ${name}, got [${shape}]; an empty tensor needs none`,
    );
  }
  const [begin = -1, end = -1] = offsets.map(Number);
  if (!(Number.isSafeInteger(begin) && Number.isSafeInteger(end) && begin <= end)) {
    throw corrupt(`expected data_offsets of ${name} in order, got [${offsets}]`);
  }
  const bytes = Number(size) * ITEM_SIZE[dtype];
  if (end - begin !== bytes) throw corrupt(`expected ${bytes} bytes for ${name} (${dtype} [${shape}]), got ${end - begin}`);
  return { name: longName, dtype, shape: sides, begin, end };
}

/** The tensors must tile the data section: no byte twice, none left over (it could hide anything). */
function checkCoverage(entries: readonly TensorEntry[], dataBytes: number): void {
  let reached = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== reached) {
      throw corrupt(
        `expected ${brief(name)} to begin at byte ${reached}, got ${begin}: ${begin < reached ? 'it overlaps another tensor' : 'bytes of no tensor'}`,
      );
    }
    reached = end;
  }
  if (reached !== dataBytes) {
    const what = reached < dataBytes ? 'bytes of no tensor at the end' : 'tensors reach past the end';
    throw corrupt(`expected ${reached} bytes of data, got ${dataBytes}: ${what}`);
  }
}

const kindOf = (json: JsonCursor): string => {
  const char = json.peek();
  const kinds: Readonly<Record<string, string>> = {
    '{': 'an object',
    '[': 'a list',
    '"': 'text',
    n: 'null',
    t: 'true',
    f: 'false',
    '-': 'a negative number',
  };
  return kinds[char] ?? (/\d/.test(char) ? 'a number' : char === '' ? 'the end' : `'${char}'`);
};

export const corrupt = (message: string, options?: ErrorOptions): NetSpaceError =>
  new NetSpaceError('CORRUPT_FILE', `readSafetensors: ${message}; the file is damaged or not safetensors`, options);
