import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readNpyHeader } from './npy-header.js';

/** A header as numpy writes it: padded to a multiple of 64 bytes, the last of them a line end. */
function npy(literal: string, version = 1): Uint8Array {
  const lengthBytes = version === 1 ? 2 : 4;
  const length = Math.ceil((8 + lengthBytes + literal.length + 1) / 64) * 64 - 8 - lengthBytes;
  const bytes = new Uint8Array(8 + lengthBytes + length).fill(0x20);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, version, 0]);
  new DataView(bytes.buffer).setUint16(8, length, true);
  if (version > 1) bytes.set([0, 0], 10);
  bytes.set(new TextEncoder().encode(literal), 8 + lengthBytes);
  bytes[bytes.length - 1] = 10;
  return bytes;
}
const literal = (descr: string, shape: string, order = 'False') => `{'descr': ${descr}, 'fortran_order': ${order}, 'shape': ${shape}, }`;

describe('readNpyHeader', () => {
  it.each([
    ["'<f4'", '(3, 679)', 'F32', [3, 679], 8148],
    ["'<f8'", '(5,)', 'F64', [5], 40],
    ["'<f2'", '()', 'F16', [], 2],
    ["'|u1'", '(0, 3)', 'U8', [0, 3], 0],
    ["'<i8'", '(2L, 3L)', 'I64', [2, 3], 48],
  ] as const)('reads %s %s', (descr, shape, dtype, sides, dataBytes) => {
    for (const version of [1, 2, 3]) {
      const bytes = npy(literal(descr, shape), version);
      expect(readNpyHeader(bytes)).toEqual({ dtype, shape: sides, dataStart: bytes.length, dataBytes });
    }
  });
  it.each([
    [literal("'|O'", '(3,)'), 'UNSUPPORTED', /Python objects/],
    [literal("[('a', '<f4')]", '(3,)'), 'UNSUPPORTED', /records/],
    [literal("'>f4'", '(3,)'), 'UNSUPPORTED', /astype\('<f4'\)/],
    [literal("'<f4'", '(3, 4)', 'True'), 'UNSUPPORTED', /ascontiguousarray/],
    [literal("'<f4'", '(-3,)'), 'CORRUPT_FILE', /shape/],
    [literal("'<f4'", '(9007199254740993, 2)'), 'CORRUPT_FILE', /whole numbers/],
    [literal("'<f4'", '(9007199254740991, 9007199254740991)'), 'CORRUPT_FILE', /2\^53/],
    ["{'descr': '<f4'}", 'CORRUPT_FILE', /fortran_order/],
    ['', 'CORRUPT_FILE', /header/],
  ] as const)('refuses %s', (header, code, message) => {
    expect(() => readNpyHeader(npy(header))).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) as string }));
  });
  it('refuses other files and headers that are cut', () => {
    const bytes = npy(literal("'<f4'", '(3,)'));
    for (let length = 0; length < bytes.length; length++) expect(() => readNpyHeader(bytes.subarray(0, length))).toThrow(/expected/);
    expect(() => readNpyHeader(new TextEncoder().encode('<!doctype html><title>404</title>'))).toThrow(/got a web page/);
    const long = npy(literal("'<f4'", '(3,)'), 2);
    new DataView(long.buffer).setUint32(8, 2 ** 31, true);
    expect(() => readNpyHeader(long)).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }));
  });
  it('ends on any bytes in a header or an error of ours', () => {
    const seed = npy(literal("'<f4'", '(3, 4)'));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(seed.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }), (changes) => {
        const bytes = seed.slice();
        for (const [at, byte] of changes) bytes[at] = byte;
        try {
          expect(readNpyHeader(bytes).dataStart).toBeLessThanOrEqual(bytes.length);
        } catch (error) {
          expect(error).toMatchObject({ name: 'NetSpaceError' });
        }
      }),
      { numRuns: 2000 },
    );
  });
});
