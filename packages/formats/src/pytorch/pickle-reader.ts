import { corruptPickle } from './pickle-globals.js';

/** Reads a pickle's bytes in order; every read past the end is an error. */
export interface PickleReader {
  uint8(): number;
  uint16(): number;
  uint32(): number;
  int32(): number;
  /** Big endian, as pickle has it. */
  float64(): number;
  /** Two's complement, little endian; refuses what a number cannot hold exactly. */
  long(bytes: number): number;
  text(bytes: number): string;
  /** Up to a line feed. */
  line(): string;
}

export function pickleReader(program: Uint8Array): PickleReader {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let position = 0;
  const take = (bytes: number): number => {
    const start = position;
    position += bytes;
    if (position > program.byteLength) throw corruptPickle(`expected ${bytes} more bytes of data.pkl at ${start}, got its end`);
    return start;
  };
  const text = (bytes: number): string => {
    const start = take(bytes);
    try {
      return utf8.decode(program.subarray(start, start + bytes));
    } catch {
      throw corruptPickle(`expected UTF-8 text at byte ${start} of data.pkl, got other bytes`);
    }
  };
  return {
    uint8: () => view.getUint8(take(1)),
    uint16: () => view.getUint16(take(2), true),
    uint32: () => view.getUint32(take(4), true),
    int32: () => view.getInt32(take(4), true),
    float64: () => view.getFloat64(take(8)),
    long: (bytes) => {
      const start = take(bytes);
      let value = 0n;
      for (let i = bytes - 1; i >= 0; i--) value = (value << 8n) | BigInt(program[start + i]!);
      const signed = Number(BigInt.asIntN(bytes * 8, value));
      if (!Number.isSafeInteger(signed)) throw corruptPickle(`expected an integer below 2^53 at byte ${start} of data.pkl, got ${signed}`);
      return signed;
    },
    text,
    line: () => {
      const end = program.indexOf(0x0a, position);
      if (end < 0) throw corruptPickle('expected the end of a line in data.pkl, got its end');
      const line = text(end - position);
      position = end + 1;
      return line;
    },
  };
}
