import { readFileSync } from 'node:fs';

import { strToU8, unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';

import { crc32 } from './containers/crc32.js';
import { readPyTorchCheckpoint } from './checkpoint.js';

const latin = (text: string): Uint8Array => strToU8(text, true);
const int32 = (value: number): string => String.fromCharCode(...new Uint8Array(Int32Array.of(value).buffer));
const text = (value: string): string => `X${int32(value.length)}${value}`;
const integer = (value: number): string => `J${int32(value)}`;

/** A small archive of a long pickle. */
const bomb = (program: string, storage = new Uint8Array(1)): Uint8Array =>
  zipSync({ 'a/data.pkl': latin(`\x80\x02${program}.`), 'a/data/0': storage }, { level: 9 });

/** `_rebuild_tensor_v2` of bytes. */
const tensor = (length: number, shape: readonly number[], strides: readonly number[]): string =>
  `ctorch._utils\n_rebuild_tensor_v2\n((${text('storage')}ctorch\nByteStorage\n${text('0')}${text('cpu')}${integer(length)}tQK\x00` +
  `(${shape.map(integer).join('')}t(${strides.map(integer).join('')}t\x89NtR`;

describe('readPyTorchCheckpoint on small files that claim much', () => {
  it.each<[string, () => Uint8Array, string]>([
    ['a view expanded by stride 0', () => bomb(tensor(1, [100_000_000], [0])), 'amplification'],
    [
      'many views of one storage',
      () => bomb(`](${Array.from({ length: 400 }, (_, i) => tensor(100_000, [99_000 + i], [1])).join('')}e`, new Uint8Array(100_000)),
      'amplification',
    ],
    ['a deflated storage', () => bomb(tensor(50_000_000, [50_000_000], [1]), new Uint8Array(50_000_000)), 'amplification'],
    [
      '1,000 tensors under a name of 100 kB',
      () => bomb(`}(${text('k'.repeat(100_000))}](${tensor(1, [1], [1])}q\x00${'h\x00'.repeat(999)}eu`),
      'nameCharacters',
    ],
    ['many dicts', () => bomb(`(${'}'.repeat(3_000_000)}t`), 'amplification'],
    ['a tall stack', () => bomb('N'.repeat(2_000_000)), 'amplification'],
    ['many marks', () => bomb('('.repeat(2_000_000)), 'amplification'],
    ['tuples within tuples', () => bomb(`${tensor(1, [1], [1])}${'\x85'.repeat(1_000_000)}`), 'amplification'],
    ['fewer tuples within tuples', () => bomb(`${tensor(1, [1], [1])}${'\x85'.repeat(400_000)}`), 'depth'],
    ['short-lived values', () => bomb('N0'.repeat(1_000_000)), 'amplification'],
    [
      'sharing that doubles 40 times',
      () =>
        bomb(
          `${tensor(1, [1], [1])}q\x00${Array.from({ length: 40 }, (_, i) => `h${String.fromCharCode(i)}\x86q${String.fromCharCode(i + 1)}`).join('')}`,
        ),
      'nameCharacters',
    ],
    ['a huge pickle', () => bomb('K\x000'.repeat(25_000_000)), 'pickleBytes'],
  ])('refuses %s, soon', (_, make, limit) => {
    const bytes = make();
    const start = process.cpuUsage();
    expect(() => readPyTorchCheckpoint(bytes)).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED', message: expect.stringContaining(`raise limits.${limit}`) }),
    );
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(5);
  });
  it('reads what sharing makes of little where it holds no tensor', () => {
    const levels = Array.from({ length: 60 }, (_, i) => `h${String.fromCharCode(i)}\x86q${String.fromCharCode(i + 1)}`).join('');
    expect(readPyTorchCheckpoint(bomb(`}(${text('w')}${tensor(1, [1], [1])}${text('x')}]q\x00${levels}u`)).size).toBe(1);
  });
  it('gives tensors of one view one array', () => {
    const tensors = readPyTorchCheckpoint(bomb(`](${tensor(1, [1], [1])}q\x00${'h\x00'.repeat(9)}e`));
    expect(new Set([...tensors.values()].map(({ data }) => data)).size).toBe(1);
  });
});

describe('readPyTorchCheckpoint on zip archives that contradict themselves', () => {
  const original = new Uint8Array(readFileSync(new URL('../../fixtures/views.pt', import.meta.url)));
  const central = (name: string): number => {
    const at = Buffer.from(original).lastIndexOf(name);
    return at - 46;
  };
  const changed = (at: number, ...bytes: readonly number[]): Uint8Array => {
    const copy = Uint8Array.from(original);
    copy.set(bytes, at);
    return copy;
  };
  it.each<[string, () => Uint8Array, RegExp]>([
    ['a checksum that is not the data', () => changed(central('views/data/0') + 16, 1, 2, 3, 4), /contradiction|checksum/],
    ['data that are not the checksum', () => changed(Buffer.from(original).indexOf('views/data/0') + 12 + 100, 0xff), /checksum|agree/],
    ['a folder with content', () => changed(central('views/data/0') + 38, 0x10), /a folder views\/data\/0 to be empty/],
    ['another disk', () => changed(central('views/data/0') + 34, 1), /on another disk/],
    ['another size', () => changed(central('views/data/0') + 24, 1, 0, 0, 0), /expected 1 bytes of views\/data\/0, got/],
    ['another name', () => changed(Buffer.from(original).indexOf('views/data/0') + 11, 0x31), /two zip headers of views\/data\/0 to agree/],
    ['encryption', () => changed(central('views/data/0') + 8, 1), /encrypted/],
    ['another method', () => changed(central('views/data/0') + 10, 99), /compression 99/],
    ['an offset into another file', () => changed(central('views/data/0') + 42, 0, 0, 0, 0), /two zip headers/],
    ['bytes behind the end', () => Uint8Array.from([...original, 1, 2, 3]), /readable zip archive/],
    ['a count of 1', () => changed(original.length - 12, 1, 0), /contradict each other|zip directory/],
  ])('refuses %s', (_, make, message) => {
    expect(() => readPyTorchCheckpoint(make())).toThrow(
      expect.objectContaining({ code: 'CORRUPT_FILE', message: expect.stringMatching(message) }),
    );
  });
  it('refuses a folder of other files by what they are', () => {
    expect(() => readPyTorchCheckpoint(zipSync({ 'w.npy': new Uint8Array(1) }))).toThrow(/got a NumPy archive/);
    expect(() => readPyTorchCheckpoint(zipSync({ 'config.json': new Uint8Array(1) }))).toThrow(/got a Keras archive/);
  });
  it('has the checksum of ISO 3309', () => {
    expect(crc32(latin('123456789'))).toBe(0xcbf43926);
    expect(Object.keys(unzipSync(original))).toContain('views/data/0');
  });
});
