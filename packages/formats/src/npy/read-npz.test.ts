import { readFileSync } from 'node:fs';

import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';

import { rawToFloat32 } from '../raw-tensor.js';
import { readNpy } from './read-npy.js';
import { readNpz } from './read-npz.js';

/** Written by real NumPy: `fixtures/make-arrays.py`. */
const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url)));

describe.each(['arrays.npz', 'packed.npz'])('readNpz of %s', (file) => {
  const arrays = readNpz(fixture(file));
  it('gives the arrays as NumPy wrote them', () => {
    expect([...arrays.keys()].slice(0, 7)).toEqual(['half', 'double', 'long', 'byte', 'flag', 'scalar', 'empty']);
    expect([...rawToFloat32(arrays.get('half')!)]).toEqual([1, -2.5, 65504]);
    expect(arrays.get('double')).toEqual({ dtype: 'F64', shape: [2, 3], data: Float64Array.from([0, 1, 2, 3, 4, 5], (x) => x / 7) });
    expect(arrays.get('long')).toEqual({ dtype: 'I64', shape: [2, 1], data: BigInt64Array.of(-(2n ** 40n), 2n ** 40n) });
    expect(arrays.get('byte')).toEqual({ dtype: 'U8', shape: [3, 2, 2], data: Uint8Array.from({ length: 12 }, (_, i) => i) });
    expect(arrays.get('flag')).toEqual({ dtype: 'BOOL', shape: [2], data: Uint8Array.of(1, 0) });
    expect(arrays.get('scalar')).toEqual({ dtype: 'F32', shape: [], data: Float32Array.of(3.5) });
    expect(arrays.get('empty')).toEqual({ dtype: 'F32', shape: [0, 3], data: new Float32Array() });
  });
});

describe('readNpz', () => {
  it('knows the sizes of all arrays before it unpacks one', () => {
    expect(() => readNpz(fixture('packed.npz'), { limits: { dataBytes: 40_000 } })).toThrow(/at most 40000 dataBytes, got 4/);
    expect(() => readNpz(fixture('packed.npz'), { limits: { entries: 7 } })).toThrow(/readNpz: expected at most 7 entries, got 8/);
    const bomb = zipSync({ 'a.npy': new Uint8Array(17 * 2 ** 20) }, { level: 1 });
    expect(() => readNpz(bomb)).toThrow(/at most 100 amplification/);
  });
  it('refuses a damaged number, naming the array', () => {
    const bytes = fixture('arrays.npz');
    const at = new TextDecoder('latin1').decode(bytes).indexOf('half.npy') + 'half.npy'.length + 40;
    bytes[at] = bytes[at]! ^ 1;
    expect(() => readNpz(bytes)).toThrow(/readNpz: .*half\.npy/);
  });
  it('refuses what is none, by name', () => {
    expect(() => readNpz(fixture('array.npy'))).toThrow(/an npz archive, got a NumPy array/);
    expect(() => readNpz(fixture('state-dict.pt'))).toThrow(/readNpz: expected arrays alone \(\.npy\), got/);
    expect(() => readNpz(fixture('arrays.npz').subarray(0, 500))).toThrow(/readNpz: .*no npz archive/);
  });
});

describe('readNpy', () => {
  it('reads an array, also from a buffer of Node', () => {
    const values = Float64Array.from([0, 1, 2, 3, 4, 5], (x) => x / 7);
    for (const bytes of [fixture('array.npy'), Buffer.from(fixture('array.npy'))]) {
      expect(readNpy(bytes)).toEqual({ dtype: 'F64', shape: [2, 3], data: values });
    }
  });
  it('refuses a file that was cut off, or has more', () => {
    const bytes = fixture('array.npy');
    expect(() => readNpy(bytes.subarray(0, -1))).toThrow(/expected 48 bytes for F64 \[2,3\], got 47/);
    expect(() => readNpy(Uint8Array.of(...bytes, 0))).toThrow(/got 49/);
    expect(() => readNpy(fixture('arrays.npz'))).toThrow(/got a zip archive/);
  });
});
