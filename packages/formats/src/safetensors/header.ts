import { NetSpaceError } from '@netspace/prep';
import { findJsonProblem } from './json-check.js';
import { checkedSize, isRawTensorDtype, ITEM_SIZE, type RawTensorDtype } from '../raw-tensor.js';

/** What a safetensors file may ask for; checked before anything of that size is allocated. */
export interface SafetensorsLimits {
  /** Bytes of JSON. */
  readonly headerBytes: number;
  /** Tensors in the file. */
  readonly tensors: number;
  /** Axes of one tensor. */
  readonly rank: number;
  /** Bytes of tensor data altogether. */
  readonly dataBytes: number;
}

export const SAFETENSORS_LIMITS: SafetensorsLimits = {
  headerBytes: 16 * 2 ** 20,
  tensors: 100_000,
  rank: 16,
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

const KNOWN_ELSEWHERE = /^(U16|U32|U64|C64|F4|F6_E\dM\d|F8_E\dM\d\w*)$/;

/** Parses and checks a header against the number of data bytes that follow it; nothing is read or allocated beyond the JSON. */
export function parseSafetensorsHeader(header: Uint8Array, dataBytes: number, limits: SafetensorsLimits): SafetensorsHeader {
  const { __metadata__: metadata = {}, ...rest } = parseObject(header);
  const names = Object.entries(rest);
  if (names.length > limits.tensors) {
    throw new NetSpaceError(
      'LIMIT_EXCEEDED',
      `readSafetensors: expected at most ${limits.tensors} tensors, got ${names.length}; raise limits.tensors`,
    );
  }
  const entries = names.map(([name, value]) => parseEntry(name, value, dataBytes, limits));
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end); // the order of writing, which JSON keys like "0" lose
  checkCoverage(entries, dataBytes);
  return { entries, metadata: checkMetadata(metadata) };
}

function parseObject(header: Uint8Array): Record<string, unknown> {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
    const problem = findJsonProblem(text, 3); // { name: { shape: [ … ] } }
    if (problem !== undefined) throw new SyntaxError(problem);
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) throw new SyntaxError('not an object');
    return value;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw corrupt(`expected a JSON object as header, got ${reason}`, { cause: error });
  }
}

function parseEntry(name: string, value: unknown, dataBytes: number, limits: SafetensorsLimits): TensorEntry {
  if (!isObject(value)) throw corrupt(`expected an object for ${name}, got ${JSON.stringify(value)}`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string') throw corrupt(`expected a dtype for ${name}, got ${JSON.stringify(dtype)}`);
  if (!isRawTensorDtype(dtype)) {
    if (!KNOWN_ELSEWHERE.test(dtype)) throw corrupt(`expected a dtype for ${name}, got "${dtype}"`);
    throw new NetSpaceError(
      'UNSUPPORTED',
      `readSafetensors: expected ${name} to be one of ${Object.keys(ITEM_SIZE).join(', ')}, got ${dtype}; convert it first`,
    );
  }
  if (!isNumbers(shape)) throw corrupt(`expected a shape for ${name}, got ${JSON.stringify(shape)}`);
  if (shape.length > limits.rank) {
    throw new NetSpaceError(
      'LIMIT_EXCEEDED',
      `readSafetensors: expected at most ${limits.rank} axes of ${name}, got ${shape.length}; raise limits.rank`,
    );
  }
  const size = checkedSize(shape);
  if (size === undefined) throw corrupt(`expected a shape of sizes with a product below 2^53 for ${name}, got [${shape}]`);
  if (!isNumbers(offsets) || offsets.length !== 2) {
    throw corrupt(`expected two data_offsets for ${name}, got ${JSON.stringify(offsets)}`);
  }
  const [begin = -1, end = -1] = offsets;
  if (!(Number.isSafeInteger(begin) && Number.isSafeInteger(end) && 0 <= begin && begin <= end && end <= dataBytes)) {
    throw corrupt(`expected data_offsets of ${name} within 0…${dataBytes}, got [${offsets}]`);
  }
  if (end - begin !== size * ITEM_SIZE[dtype]) {
    throw corrupt(`expected ${size * ITEM_SIZE[dtype]} bytes for ${name} (${dtype} [${shape}]), got ${end - begin}`);
  }
  return { name, dtype, shape, begin, end };
}

/** The tensors must tile the data section: no byte twice, none left over (it could hide anything). */
function checkCoverage(entries: readonly TensorEntry[], dataBytes: number): void {
  let reached = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== reached) {
      throw corrupt(
        `expected ${name} to begin at byte ${reached}, got ${begin}: ${begin < reached ? 'it overlaps another tensor' : 'bytes of no tensor'}`,
      );
    }
    reached = end;
  }
  if (reached !== dataBytes) throw corrupt(`expected ${reached} bytes of data, got ${dataBytes}: bytes of no tensor at the end`);
}

function checkMetadata(metadata: unknown): Readonly<Record<string, string>> {
  if (!isObject(metadata)) throw corrupt(`expected an object for __metadata__, got ${JSON.stringify(metadata)}`);
  const pairs = Object.entries(metadata).map(([key, value]): [string, string] => {
    if (typeof value !== 'string') throw corrupt(`expected a string for __metadata__.${key}, got ${JSON.stringify(value)}`);
    return [key, value];
  });
  return Object.fromEntries(pairs);
}

export const corrupt = (message: string, options?: ErrorOptions): NetSpaceError =>
  new NetSpaceError('CORRUPT_FILE', `readSafetensors: ${message}; the file is damaged or not safetensors`, options);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const isNumbers = (value: unknown): value is number[] => Array.isArray(value) && value.every((entry) => typeof entry === 'number');
