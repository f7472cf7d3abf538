import { corruptFile } from '../limits.js';

/** Reads a file's bytes in order; every read past the end is an error. */
export interface PickleReader {
  uint8(): number;
  uint16(): number;
  uint32(): number;
  int32(): number;
  /** A length of eight bytes. */
  uint64(): number;
  /** Big endian, as in pickles. */
  float64(): number;
  /** Two's complement, little endian; a bigint if a number cannot hold it exactly. */
  long(bytes: number): number | bigint;
  text(bytes: number): string;
  /** A string of Python 2: read as UTF-8 if it is valid, else as one character per byte. */
  oldText(bytes: number): string;
  bytes(count: number): Uint8Array;
  /** Up to a line feed, as UTF-8. */
  line(): string;
  /** Up to a line feed, one character a byte. */
  oldLine(): string;
  readonly position: number;
}

/** A number with more digits is no seed, size or version. It would only cost time. */
const LONGEST_NUMBER = 256;

export function pickleReader(program: Uint8Array, what = 'data.pkl'): PickleReader {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let position = 0;
  const take = (count: number): number => {
    const start = position;
    if (!(start + count <= program.byteLength)) throw corruptFile(`expected ${count} more bytes of ${what} at ${start}, got its end`);
    position += count;
    return start;
  };
  const bytes = (count: number): Uint8Array => {
    const start = take(count);
    return program.subarray(start, start + count);
  };
  const text = (count: number): string => {
    const start = position;
    const content = bytes(count);
    try {
      return utf8.decode(content);
    } catch {
      throw corruptFile(`expected UTF-8 text at byte ${start} of ${what}, got other bytes`);
    }
  };
  const lineAs = (decode: (count: number) => string): string => {
    const end = program.indexOf(0x0a, position);
    if (end < 0) throw corruptFile(`expected the end of a line in ${what}, got its end`);
    const line = decode(end - position);
    position++;
    return line;
  };
  return {
    uint8: () => view.getUint8(take(1)),
    uint16: () => view.getUint16(take(2), true),
    uint32: () => view.getUint32(take(4), true),
    int32: () => view.getInt32(take(4), true),
    uint64: () => Number(view.getBigUint64(take(8), true)),
    float64: () => view.getFloat64(take(8)),
    long(count) {
      if (count > LONGEST_NUMBER) throw corruptFile(`expected an integer of at most ${LONGEST_NUMBER} bytes in ${what}, got ${count}`);
      const content = bytes(count);
      let value = 0n;
      for (let i = count - 1; i >= 0; i--) value = (value << 8n) | BigInt(content[i]!);
      return exact(BigInt.asIntN(count * 8, value));
    },
    text,
    oldText(count) {
      const content = bytes(count);
      try {
        return utf8.decode(content);
      } catch {
        return latin(content);
      }
    },
    bytes,
    line: () => lineAs(text),
    oldLine: () => lineAs((count) => latin(bytes(count))),
    get position() {
      return position;
    },
  };
}

const latin = (content: Uint8Array): string => Array.from(content, (byte) => String.fromCharCode(byte)).join('');

const exact = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;

/** A decimal number of protocol 0, with or without Python 2's `L`. */
export function decimal(line: string): number | bigint | boolean {
  if (line === '00' || line === '01') return line === '01';
  const digits = line.replace(/L$/, '');
  if (!/^[+-]?\d{1,600}$/.test(digits)) throw corruptFile('expected an integer in data.pkl, got other text');
  return exact(BigInt(digits));
}
