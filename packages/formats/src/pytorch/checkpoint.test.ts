import { readdirSync, readFileSync } from 'node:fs';

import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';

import { readPyTorchCheckpoint } from './checkpoint.js';
import { rawToFloat32, type RawTensor } from '../raw-tensor.js';

// Made by PyTorch itself: fixtures/make-fixtures.py.
const fixture = (name: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(new URL(`../../fixtures/${name}.pt`, import.meta.url)));
const numbers = (raw: RawTensor | undefined): number[] => (raw === undefined ? [] : [...rawToFloat32(raw)]);
const counting = (count: number): number[] => [...Array(count).keys()];

const GONE = new Uint8Array();

/** A fixture with one of its files changed; `undefined` drops it. */
function edited(name: string, changes: Record<string, (old: Uint8Array) => Uint8Array<ArrayBuffer> | undefined>): Uint8Array {
  const files = unzipSync(fixture(name));
  for (const [file, change] of Object.entries(changes)) {
    const content = change(files[`${name}/${file}`] ?? new Uint8Array());
    files[`${name}/${file}`] = content ?? GONE;
  }
  return zipSync(Object.fromEntries(Object.entries(files).filter(([, content]) => content !== GONE)));
}

/** A checkpoint with a pickle of ours, written as text with latin-1 escapes. */
const pickled = (program: string): Uint8Array => zipSync({ 'a/data.pkl': strToU8(program, true), 'a/data/0': new Uint8Array(8) });

describe('readPyTorchCheckpoint', () => {
  it("reads a module's state dict", () => {
    const tensors = readPyTorchCheckpoint(fixture('state-dict'));
    expect([...tensors.keys()]).toEqual([
      '0.weight',
      '0.bias',
      '1.weight',
      '1.bias',
      '1.running_mean',
      '1.running_var',
      '1.num_batches_tracked',
    ]);
    expect(tensors.get('0.weight')).toEqual({ dtype: 'F32', shape: [2, 1, 3, 3], data: Float32Array.from(counting(18)) });
    expect(numbers(tensors.get('0.bias'))).toEqual([0.5, -0.5]);
    expect(tensors.get('1.num_batches_tracked')).toEqual({ dtype: 'I64', shape: [], data: new BigInt64Array([0n]) });
  });
  it('finds the tensors of a training checkpoint among numbers and text', () => {
    const tensors = readPyTorchCheckpoint(fixture('training'));
    expect(numbers(tensors.get('model.0.weight'))).toEqual(counting(18));
    expect([...tensors.keys()].every((name) => name.startsWith('model.'))).toBe(true);
  });
  it('reads transposed, sliced, shared and expanded tensors row-major', () => {
    const tensors = readPyTorchCheckpoint(fixture('views'));
    expect(tensors.get('transposed')?.shape).toEqual([4, 3]);
    expect(numbers(tensors.get('transposed'))).toEqual([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]);
    expect(numbers(tensors.get('slice'))).toEqual([5, 6, 9, 10]);
    expect(numbers(tensors.get('base'))).toEqual(counting(12));
    expect(numbers(tensors.get('expanded'))).toEqual([7, 7, 7, 7, 7, 7]);
  });
  it('reads every data type, scalars, empty tensors, parameters and lists', () => {
    const tensors = readPyTorchCheckpoint(fixture('kinds'));
    for (const name of ['f16', 'bf16', 'f64', 'i32', 'i16', 'i8', 'u8']) {
      expect(tensors.get(name)?.dtype.toLowerCase()).toBe(name);
      expect(numbers(tensors.get(name))).toEqual([0, 1, 2]);
    }
    expect(numbers(tensors.get('i64'))).toEqual([-2, -1, 0]);
    expect(tensors.get('bool')).toEqual({ dtype: 'BOOL', shape: [3], data: new Uint8Array([1, 0, 1]) });
    expect(tensors.get('scalar')).toMatchObject({ shape: [], data: new Float32Array([2.5]) });
    expect(tensors.get('empty')).toMatchObject({ shape: [0, 4], data: new Float32Array() });
    expect(numbers(tensors.get('parameter'))).toEqual([0, 1]);
    expect(numbers(tensors.get('list.1.0'))).toEqual([0, 1]);
  });
  it('reads compressed archives too', () => {
    expect(numbers(readPyTorchCheckpoint(edited('views', {})).get('base'))).toEqual(counting(12));
  });

  it('reads a whole module under the names of its state dict, running nothing', () => {
    expect([...readPyTorchCheckpoint(fixture('module'))]).toEqual([...readPyTorchCheckpoint(fixture('state-dict'))]);
  });
  it('reads the format before PyTorch 1.6', () => {
    expect(numbers(readPyTorchCheckpoint(fixture('legacy')).get('tensor'))).toEqual([0, 1]);
  });
  it('refuses a file of code without tensors, naming it', () => {
    const attack = pickled('\x80\x02cos\nsystem\nX\x02\x00\x00\x00ls\x85R.');
    expect(() => readPyTorchCheckpoint(attack)).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringMatching(/os\.system, which is code/) }),
    );
  });
  it('refuses unknown instructions, naming the opcode, and pickles of a later protocol', () => {
    expect(() => readPyTorchCheckpoint(pickled('\x80\x02\xff.'))).toThrow(/opcode 0xff/);
    expect(() => readPyTorchCheckpoint(pickled('\x80\x02\x82\x01.'))).toThrow(/opcode 0x82, a number that only the writer's own registry/);
    expect(() => readPyTorchCheckpoint(pickled('\x80\x06N.'))).toThrow(/protocol 0 to 5, got 6/);
  });
  it('refuses a plain pickle, saying what to do', () => {
    expect(() => readPyTorchCheckpoint(strToU8('\x80\x02}q\x00.', true))).toThrow(/a plain pickle; load it in Python/);
  });
  it('refuses TorchScript', () => {
    expect(() => readPyTorchCheckpoint(edited('views', { 'constants.pkl': () => new Uint8Array(1) }))).toThrow(/TorchScript/);
  });
  it('refuses big-endian data', () => {
    expect(() => readPyTorchCheckpoint(edited('views', { byteorder: () => strToU8('big') }))).toThrow(/little-endian data, got big/);
  });

  it.each([
    ['text', () => strToU8('hello'), /what torch\.save wrote, got other bytes/],
    ['half an archive', () => fixture('views').subarray(0, 900), /readable zip archive/],
    ['an archive without data.pkl', () => zipSync({ 'a/b': new Uint8Array(1) }), /one data\.pkl, got 0/],
    ['a storage that is missing', () => edited('views', { 'data/0': () => undefined }), /in data\/0, got no such file/],
    ['a storage that is too short', () => edited('views', { 'data/0': (old) => old.slice(4) }), /12 F32 values .* got 44 bytes/],
    ['an empty pickle', () => pickled(''), /1 more bytes/],
    ['a pickle that takes from an empty stack', () => pickled('\x80\x02R'), /value on the stack/],
    ['a pickle that takes across a mark', () => pickled('\x80\x02N(.'), /value on the stack/],
    ['a tuple without a mark', () => pickled('\x80\x02t.'), /mark/],
    ['a value that was never remembered', () => pickled('\x80\x02h\x05.'), /remembered value 5/],
    ['items for something that is no dict', () => pickled('\x80\x02N(K\x01K\x02u.'), /a dict and pairs/],
    ['an odd number of items', () => pickled('\x80\x02}(K\x01u.'), /a dict and pairs/],
    ['a name that is no text', () => pickled('\x80\x04K\x01K\x02\x93.'), /a module and a name/],
    ['an append to something that is no list', () => pickled('\x80\x02NNa.'), /a list to append to/],
    ['arguments that are no tuple', () => pickled('\x80\x02cos\nsystem\nNR.'), /arguments as a tuple/],
    [
      'a tensor of no storage',
      () => pickled('\x80\x02ctorch._utils\n_rebuild_tensor_v2\n(NK\x00))tR.'),
      /arguments that torch\._utils\._rebuild_tensor_v2/,
    ],
    ['a persistent id that is no storage', () => pickled('\x80\x02NQ.'), /persistent id/],
    ['text that is not UTF-8', () => pickled('\x80\x02X\x01\x00\x00\x00\xff.'), /UTF-8/],
    ['a line without end', () => pickled('\x80\x02ctorch'), /end of a line/],
    ['an integer of too many digits', () => pickled(`\x80\x02\x8b\xff\xff\x00\x00${'\xff'.repeat(65535)}.`), /at most 256 bytes/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readPyTorchCheckpoint(bytes())).toThrow(
      expect.objectContaining({ code: 'CORRUPT_FILE', message: expect.stringMatching(message) }),
    );
  });
  it.each([
    ['larger than its storage', '(K\x03t(K\x01t', /within the 2 values .* got 3/],
    ['with a stride past its end', '(K\x02t(K\x02t', /within the 2 values .* got 3/],
    ['of negative size', '(J\xff\xff\xff\xfft(K\x01t', /sizes and strides/],
    ['with a negative stride', '(K\x02t(J\xff\xff\xff\xfft', /sizes and strides/],
    ['with a stride too few', '(K\x01K\x01t(K\x01t', /sizes and strides/],
    ['whose size overflows', `(${'J\xff\xff\xff\x7f'.repeat(3)}t(${'K\x00'.repeat(3)}t`, /sizes and strides/],
    ['of a huge size by expansion', `(${'J\xff\xff\xff\x7f'.repeat(1)}t(K\x00t`, /dataBytes/],
  ])('refuses a tensor %s', (_, sizes, message) => {
    const tensor = `ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x02tQK\x00${sizes}\x89NtR`;
    expect(() => readPyTorchCheckpoint(pickled(`\x80\x02${tensor}.`))).toThrow(message);
  });
  it.each([
    ['entries', 3],
    ['pickleBytes', 100],
    ['dataBytes', 20],
    ['tensors', 2],
    ['rank', 1],
    ['depth', 0],
    ['values', 3],
    ['operations', 20],
    ['stack', 3],
    ['nameCharacters', 10],
  ])('keeps the limit %s', (limit, value) => {
    expect(() => readPyTorchCheckpoint(fixture('views'), { limits: { [limit]: value } })).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED', message: expect.stringContaining(`limits.${limit}`) }),
    );
  });
  it('ends on a list that contains itself, and reads what it holds besides', () => {
    expect(readPyTorchCheckpoint(pickled('\x80\x02]q\x00h\x00a.')).size).toBe(0);
  });
  it('never fails otherwise than by refusing, whatever byte is wrong', () => {
    const original = fixture('views');
    for (let i = 0; i < original.length; i++) {
      const damaged = Uint8Array.from(original);
      damaged[i] = damaged[i]! ^ 0xff;
      try {
        readPyTorchCheckpoint(damaged);
      } catch (error) {
        expect(error).toHaveProperty('name', 'NetSpaceError');
      }
    }
  });
  it('has fixtures that stay small', () => {
    const folder = new URL('../../fixtures/', import.meta.url);
    const total = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((sum, entry) => sum + readFileSync(`${entry.parentPath}/${entry.name}`).byteLength, 0);
    expect(total).toBeLessThan(600_000);
    expect(strFromU8(fixture('legacy').subarray(0, 1), true)).toBe('\x80');
  });
});
