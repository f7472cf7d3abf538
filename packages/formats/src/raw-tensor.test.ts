import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { decodeFloat16, encodeFloat16 } from './half.js';
import { rawToFloat32 } from './raw-tensor.js';

describe('half floats', () => {
  it.each([
    [0x0000, 0],
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0001, 2 ** -24],
    [0x0400, 2 ** -14],
    [0x3555, 0.333251953125],
    [0xfc00, Number.NEGATIVE_INFINITY],
  ])('bits 0x%s are a known value, both ways', (bits, value) => {
    expect(decodeFloat16(bits)).toBe(value);
    expect(encodeFloat16(value)).toBe(bits);
  });
  it('come back for every bit pattern', () => {
    const patterns = [...Array(0x10000).keys()].filter((bits) => !Number.isNaN(decodeFloat16(bits)));
    expect(patterns.filter((bits) => encodeFloat16(decodeFloat16(bits)) !== bits)).toEqual([]);
    expect(decodeFloat16(encodeFloat16(Number.NaN))).toBeNaN();
  });
  it('round to the nearest, ties to even', () => {
    expect(encodeFloat16(65519.99)).toBe(0x7bff);
    expect(encodeFloat16(65520)).toBe(0x7c00);
    expect(encodeFloat16(1 + 2 ** -11)).toBe(0x3c00);
    expect(encodeFloat16(1 + 3 * 2 ** -11)).toBe(0x3c02);
    expect(encodeFloat16(2 ** -25)).toBe(0);
    fc.assert(
      fc.property(fc.double({ min: -60_000, max: 60_000, noNaN: true }), (value) => {
        const bits = encodeFloat16(value);
        const error = Math.abs(decodeFloat16(bits) - value);
        for (const neighbor of [bits - 1, bits + 1]) {
          if ((neighbor & 0x7fff) < 0x7c00 && neighbor >= 0) expect(error).toBeLessThanOrEqual(Math.abs(decodeFloat16(neighbor) - value));
        }
      }),
    );
  });
});

describe('rawToFloat32', () => {
  it('reads every kind', () => {
    expect(rawToFloat32({ dtype: 'BF16', shape: [3], data: new Uint16Array([0x3f80, 0xc000, 0x7f80]) })).toEqual(
      Float32Array.from([1, -2, Infinity]),
    );
    expect(rawToFloat32({ dtype: 'I64', shape: [2], data: new BigInt64Array([-3n, 4n]) })).toEqual(Float32Array.from([-3, 4]));
    expect(rawToFloat32({ dtype: 'F64', shape: [1], data: new Float64Array([0.1]) })).toEqual(Float32Array.from([Math.fround(0.1)]));
    expect(rawToFloat32({ dtype: 'BOOL', shape: [2], data: new Uint8Array([0, 1]) })).toEqual(Float32Array.from([0, 1]));
  });
  it('copies', () => {
    const data = new Float32Array([1]);
    rawToFloat32({ dtype: 'F32', shape: [1], data })[0] = 2;
    expect(data[0]).toBe(1);
  });
});
