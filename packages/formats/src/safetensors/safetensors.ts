import { NetSpaceError } from '@netspace/prep';
import { checkBytes, type GivenBy, limitsOf, objectOf, optional, parseOptions, valueOf } from '@netspace/prep/internal';
import { checkRawTensor, rawTensorFromBuffer, type RawTensor } from '../raw-tensor.js';
import { OTHER, whatIs } from '../what-is.js';
import { corrupt, parseSafetensorsHeader, SAFETENSORS_LIMITS, type SafetensorsLimits } from './header.js';

/** See {@link ReadSafetensorsOptions}. */
export const readSafetensorsOptions = objectOf({
  /**
   * Raises or lowers single limits.
   * @default SAFETENSORS_LIMITS
   */
  limits: limitsOf(SAFETENSORS_LIMITS),
});

/** Options of {@link readSafetensors}. */
export interface ReadSafetensorsOptions extends GivenBy<typeof readSafetensorsOptions> {}

/** A safetensors file's content. */
export interface Safetensors {
  /** In the order of their data in the file. */
  readonly tensors: ReadonlyMap<string, RawTensor>;
  /** Strings of the header's `__metadata__`; empty if there are none. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Reads a safetensors file; safe on untrusted bytes.
 *
 * Everything is checked before a tensor is allocated: lengths against limits, types, shapes, and that the tensors tile the
 * data without overlap or gap. The tensors are copies: the file's bytes may be dropped.
 *
 * It reads and refuses the same headers as version 0.8 of the Python package.
 *
 * @param bytes the whole file
 * @throws NetSpaceError `CORRUPT_FILE` if the bytes are not safetensors, `LIMIT_EXCEEDED` beyond one of {@link SAFETENSORS_LIMITS},
 *   `UNSUPPORTED` for an empty tensor with a size above 2^53
 * @example
 * ```ts
 * import { readSafetensors, writeSafetensors } from '@netspace/formats';
 *
 * const bytes = writeSafetensors(new Map([['bias', { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) }]])); // or a file's
 * const { tensors } = readSafetensors(bytes);
 * console.log(tensors.get('bias')); // { dtype: 'F32', shape: [ 2 ], data: Float32Array(2) [ 1, 2 ] }
 * ```
 * @see https://huggingface.co/docs/safetensors
 */
export function readSafetensors(bytes: Uint8Array, options: ReadSafetensorsOptions = {}): Safetensors {
  const { limits: allowed } = parseOptions('readSafetensors', readSafetensorsOptions, options);
  checkBytes('readSafetensors', bytes);
  if (bytes.byteLength < 8) throw corrupt(`expected at least 8 bytes, got ${bytes.byteLength}`);
  const headerBytes = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (headerBytes > BigInt(bytes.byteLength - 8)) throw notWhole(bytes, headerBytes);
  if (Number(headerBytes) > allowed.headerBytes) {
    throw limitExceeded('headerBytes', allowed.headerBytes, headerBytes);
  }
  const dataStart = 8 + Number(headerBytes);
  const dataBytes = bytes.byteLength - dataStart;
  if (dataBytes > allowed.dataBytes) throw limitExceeded('dataBytes', allowed.dataBytes, dataBytes);

  const { entries, metadata } = parseSafetensorsHeader(bytes.subarray(8, dataStart), dataBytes, allowed);
  const tensors = new Map(
    entries.map(({ name, dtype, shape, begin, end }) => {
      const copy = new Uint8Array(end - begin); // the file's offsets need not be aligned to the item size
      copy.set(bytes.subarray(dataStart + begin, dataStart + end));
      return [name, rawTensorFromBuffer(dtype, shape, copy.buffer)];
    }),
  );
  return { tensors, metadata };
}

/** The length of a header makes no sense: the file is of another kind, or was cut off. */
function notWhole(bytes: Uint8Array, headerBytes: bigint): NetSpaceError {
  const is = whatIs(bytes);
  if (is === OTHER) return corrupt(`expected ${headerBytes} bytes of header, got ${bytes.byteLength - 8} bytes`);
  return new NetSpaceError('CORRUPT_FILE', `readSafetensors: expected a safetensors file, got ${is}; check the path`);
}

/** See {@link WriteSafetensorsOptions}. */
export const writeSafetensorsOptions = objectOf({
  /**
   * Strings to keep with the tensors, in the header's `__metadata__`.
   * @default none
   */
  metadata: optional(
    valueOf<Readonly<Record<string, string>>>(
      'an object of texts',
      (value) => typeof value === 'object' && value !== null && Object.values(value).every((one) => typeof one === 'string'),
    ),
  ),
});

/** Options of {@link writeSafetensors}. */
export interface WriteSafetensorsOptions extends GivenBy<typeof writeSafetensorsOptions> {}

/**
 * Writes tensors as a safetensors file, in the map's order; equal input gives equal bytes.
 *
 * @returns the whole file
 * @throws NetSpaceError `SHAPE_MISMATCH` if a tensor's data is not as long as its shape says, `INVALID_OPTION` for a tensor
 *   named `__metadata__`
 * @example
 * ```ts
 * import { readSafetensors, writeSafetensors } from '@netspace/formats';
 *
 * const tensors = new Map([['bias', { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) } as const]]);
 * const bytes = writeSafetensors(tensors, { metadata: { epochs: '50' } });
 * console.log(readSafetensors(bytes).metadata); // { epochs: '50' }
 * ```
 * @see https://huggingface.co/docs/safetensors
 */
export function writeSafetensors(tensors: ReadonlyMap<string, RawTensor>, options: WriteSafetensorsOptions = {}): Uint8Array {
  const { metadata } = parseOptions('writeSafetensors', writeSafetensorsOptions, options);
  let offset = 0;
  const entries = [...tensors].map(([name, raw]): [string, object] => {
    if (name === '__metadata__') {
      throw new NetSpaceError(
        'INVALID_OPTION',
        'writeSafetensors: expected another tensor name than __metadata__, which the format reserves; rename it',
      );
    }
    checkRawTensor('writeSafetensors', name, raw);
    const begin = offset;
    offset += raw.data.byteLength;
    return [name, { dtype: raw.dtype, shape: raw.shape, data_offsets: [begin, offset] }];
  });
  const header = encodeHeader(metadata === undefined ? entries : [['__metadata__', metadata], ...entries]);

  const bytes = new Uint8Array(8 + header.byteLength + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.byteLength), true);
  bytes.set(header, 8);
  let position = 8 + header.byteLength;
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return bytes;
}

/** JSON in the entries' order (an object would move names like "0" to the front), padded so that the data is aligned. */
const encodeHeader = (entries: readonly [string, object][]): Uint8Array => {
  const json = new TextEncoder().encode(
    `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`,
  );
  const header = new Uint8Array(Math.ceil(json.byteLength / 8) * 8).fill(0x20);
  header.set(json);
  return header;
};

const limitExceeded = (limit: keyof SafetensorsLimits, allowed: number, got: number | bigint): NetSpaceError =>
  new NetSpaceError('LIMIT_EXCEEDED', `readSafetensors: expected at most ${allowed} ${limit}, got ${got}; raise limits.${limit}`);
