import { readFileSync } from 'node:fs';

import fc from 'fast-check';
import { strToU8 } from 'fflate';
import { describe, expect, it } from 'vitest';

import { ITEM_SIZE, rawTensorFromBuffer, type RawTensor, type RawTensorDtype } from '../raw-tensor.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';
import { SAFETENSORS_LIMITS } from './header.js';

const golden = (name: string) => readFileSync(new URL(`../../../../golden/data/${name}.safetensors`, import.meta.url));

/** A file with a header of ours, as JSON or as text, and some bytes of data. */
function file(header: unknown, dataBytes = 0): Uint8Array {
  const json =
    header instanceof Uint8Array ? header : new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}
interface HeaderCases {
  readonly cases: readonly { name: string; header: string; data: number; read?: [name: string, dtype: string, shape: number[]][] }[];
}
const EMPTY = '{"dtype":"U8","shape":[0],"data_offsets":[0,0]}';
const f32 = (shape: unknown, begin: unknown, end: unknown) => ({ dtype: 'F32', shape, data_offsets: [begin, end] });

const rawTensor: fc.Arbitrary<RawTensor> = fc
  .tuple(
    fc.constantFrom(...(Object.keys(ITEM_SIZE) as RawTensorDtype[]).filter((dtype) => ITEM_SIZE[dtype] >= 1)),
    fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
  )
  .chain(([dtype, shape]) => {
    const length = ITEM_SIZE[dtype] * shape.reduce((product, side) => product * side, 1);
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((bytes) => rawTensorFromBuffer(dtype, shape, Uint8Array.from(bytes).buffer));
  });
const bytesOf = ({ data }: RawTensor): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

describe('readSafetensors', () => {
  it('reads files of the Python library', () => {
    const { tensors } = readSafetensors(golden('nets'));
    expect(tensors.get('lenetlike-cifar10/conv1.weight')).toMatchObject({ dtype: 'F32', shape: [6, 3, 5, 5] });
    expect(readSafetensors(golden('losses')).tensors.size).toBeGreaterThan(0);
  });
  it('gives back what writeSafetensors wrote, in order, whatever the types, shapes and names', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), rawTensor)), fc.dictionary(fc.string(), fc.string()), (entries, metadata) => {
        const tensors = new Map(entries.filter(([name]) => name !== '__metadata__'));
        const back = readSafetensors(writeSafetensors(tensors, { metadata }));
        expect([...back.tensors].map(([name, raw]) => [name, raw.dtype, raw.shape, [...bytesOf(raw)]]).sort()).toEqual(
          [...tensors].map(([name, raw]) => [name, raw.dtype, raw.shape, [...bytesOf(raw)]]).sort(),
        );
        expect(Object.entries(back.metadata).sort()).toEqual(Object.entries(metadata).sort());
      }),
    );
  });
  it('reads from a view of a larger buffer at any alignment', () => {
    const whole = golden('optim');
    const shifted = new Uint8Array(whole.length + 3);
    shifted.set(whole, 3);
    expect(readSafetensors(shifted.subarray(3))).toEqual(readSafetensors(whole));
  });
  it('reads a scalar, an empty tensor and no tensor at all', () => {
    const { tensors } = readSafetensors(file({ a: f32([], 0, 4), b: f32([0, 5], 4, 4) }, 4));
    expect(tensors.get('a')).toEqual({ dtype: 'F32', shape: [], data: new Float32Array(1) });
    expect(tensors.get('b')).toEqual({ dtype: 'F32', shape: [0, 5], data: new Float32Array() });
    expect(readSafetensors(file({})).tensors.size).toBe(0);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['too few bytes', new Uint8Array(7), /at least 8 bytes, got 7/],
    ['a header longer than the file', Uint8Array.from([9, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d]), /9 bytes of header, got 2/],
    ['a header of 2^64 - 1 bytes', new Uint8Array(16).fill(255), /18446744073709551615 bytes of header/],
    ['text that is not UTF-8', Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0, 0xff]), /JSON object as header/],
    ['no JSON', file('{"a"'), /JSON object as header/],
    ['a list', file([]), /JSON object as header, got not an object but a list/],
    ['JSON nested too deep', file(`{"a":{"x":${'['.repeat(100_000)}`), /at most 127 levels/],
    ['a field twice', file('{"a":{"dtype":"U8","\\u0064type":"U8"}}', 1), /one dtype for a, got two/],
    ['a string without end', file('{"a'), /a string without control characters, and its end at character 3/],
    ['a bad escape as key', file('{"\\q":1}'), /JSON object as header/],
    ['a tensor that is no object', file({ a: 3 }), /an object for a, got a number/],
    ['a tensor without type', file({ a: { shape: [] } }), /a dtype for a, got none/],
    ['an unknown type', file({ a: { dtype: 'toString', shape: [], data_offsets: [0, 0] } }), /a dtype for a, got "toString"/],
    ['a shape of text', file({ a: f32(['1'], 0, 4) }, 4), /a shape for a/],
    ['a negative size', file({ a: f32([-1], 0, 4) }, 4), /a shape for a of whole numbers, got a negative number/],
    ['a fractional size', file({ a: f32([0.5], 0, 2) }, 2), /a whole number/],
    ['a product that overflows', file({ a: f32([2 ** 32, 2 ** 32, 0], 0, 0) }), /product below 2\^64/],
    ['one offset', file({ a: { dtype: 'F32', shape: [], data_offsets: [0] } }), /two data_offsets/],
    ['offsets past the end', file({ a: f32([2], 0, 8) }, 4), /8 bytes of data, got 4: tensors reach past the end/],
    ['offsets in the wrong order', file({ a: f32([], 4, 0) }, 4), /data_offsets of a in order, got \[4,0\]/],
    ['fractional offsets', file({ a: f32([], 0.5, 4.5) }, 8), /a whole number/],
    ['a size other than the shape says', file({ a: f32([2], 0, 4) }, 4), /expected 8 bytes for a \(F32 \[2\]\), got 4/],
    ['tensors that overlap', file({ a: f32([2], 0, 8), b: f32([2], 4, 12) }, 12), /b to begin at byte 8, got 4: it overlaps/],
    ['a gap', file({ a: f32([], 0, 4), b: f32([], 8, 12) }, 12), /b to begin at byte 4, got 8: bytes of no tensor/],
    ['bytes left over', file({ a: f32([], 0, 4) }, 5), /expected 4 bytes of data, got 5/],
    ['metadata that is no object', file({ __metadata__: [] }), /an object for __metadata__/],
    ['metadata that is no text', file({ __metadata__: { a: 1 } }), /a string for __metadata__\.a, got a number/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readSafetensors(bytes)).toThrow(
      expect.objectContaining({ code: 'CORRUPT_FILE', message: expect.stringMatching(message) }),
    );
  });
  it('reads and refuses what the Python package does, header by header', () => {
    // Recorded by fixtures/make-safetensors-headers.py. One empty tensor has a size that no JavaScript number holds: it alone is refused here.
    const { cases } = JSON.parse(readFileSync(new URL('../../fixtures/safetensors-headers.json', import.meta.url), 'utf8')) as HeaderCases;
    const read = (bytes: Uint8Array) => [...readSafetensors(bytes).tensors].map(([name, { dtype, shape }]) => [name, dtype, shape]).sort();
    const outcome = (bytes: Uint8Array) => {
      try {
        return read(bytes);
      } catch (error) {
        expect(error).toHaveProperty('name', 'NetSpaceError');
        return 'refused';
      }
    };
    const got = cases.map(({ name, header, data }) => [name, outcome(file(strToU8(header, true), data))]);
    const expected = cases.map(({ name, read: tensors }) => [name, tensors?.sort() ?? 'refused']);
    expect(got.filter(([name]) => name !== 'a size above 2^53 times 0')).toEqual(
      expected.filter(([name]) => name !== 'a size above 2^53 times 0'),
    );
    expect(cases.length).toBeGreaterThan(130);
  });
  it.each<[string, () => string, string]>([
    [
      '1.5 million keys',
      () =>
        `{${Array.from({ length: 700_000 }, (_, i) => `"${i.toString(36)}":${EMPTY}`)
          .join(',')
          .slice(0, 16_000_000)}`,
      'tensors',
    ],
    [
      '1.5 million pairs of metadata',
      () => `{"__metadata__":{${Array.from({ length: 1_500_000 }, (_, i) => `"${i.toString(36)}":""`).join(',')}}}`,
      'tensors',
    ],
    ['5 million lists in an unknown field', () => `{"a":{"x":[${'[],'.repeat(5_000_000)}0]}}`, '100000 values in unknown fields'],
    ['a name of 15 MB', () => `{"${'x'.repeat(15_000_000)}":0}`, '15000000 characters'],
  ])('is done soon with a header of %s, and says so briefly', (_, text, message) => {
    const bytes = file(text());
    const start = process.cpuUsage(); // not the time of day: other programs run meanwhile
    expect(() => readSafetensors(bytes)).toThrow(expect.objectContaining({ message: expect.stringContaining(message) }));
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(5);
    expect(() => readSafetensors(bytes)).toThrow(/^.{1,500}$/);
  });
  it.each([
    ['headerBytes', 60],
    ['tensors', 1],
    ['rank', 1],
    ['dataBytes', 7],
  ])('keeps the limit %s', (limit, value) => {
    const bytes = file({ a: f32([1, 1], 0, 4), b: f32([1, 1], 4, 8) }, 8);
    expect(() => readSafetensors(bytes)).not.toThrow();
    expect(() => readSafetensors(bytes, { limits: { [limit]: value } })).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED', message: expect.stringContaining(`limits.${limit}`) }),
    );
    expect(Object.keys(SAFETENSORS_LIMITS)).toContain(limit);
  });
});

describe('writeSafetensors', () => {
  const raw: RawTensor = { dtype: 'F32', shape: [2], data: new Float32Array([1, 2]) };

  it('writes the documented bytes, data aligned to 8', () => {
    const bytes = writeSafetensors(new Map([['b', raw]]), { metadata: { k: 'v' } });
    const headerBytes = bytes[0]!;
    expect(headerBytes % 8).toBe(0);
    expect(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes)).trimEnd()).toBe(
      '{"__metadata__":{"k":"v"},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}',
    );
    expect([...bytes.subarray(8 + headerBytes)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0x40]);
  });
  it('refuses data of another length than the shape says, and the reserved name', () => {
    expect(() => writeSafetensors(new Map([['a', { ...raw, shape: [3] }]]))).toThrow(/3 values in a of shape \[3\], got 2/);
    expect(() => writeSafetensors(new Map([['a', { ...raw, shape: [-2] }]]))).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
    expect(() => writeSafetensors(new Map([['__metadata__', raw]]))).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
