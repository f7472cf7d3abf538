import { deflateSync } from 'fflate';
import { describe, expect, it } from 'vitest';

import { readPyTorchCheckpoint } from '../checkpoint.js';
import { latin, tensor } from '../testing/pickle-program.js';
import { crc32 } from './crc32.js';
import { zipDirectory } from './zip-directory.js';

/** What both headers of a file say of it. */
interface Said {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  /** Zip's extra fields. */
  readonly extra: string;
}

/** A file as it lies in an archive, and where its headers say otherwise. */
interface File {
  readonly name: string;
  readonly content: string;
  readonly deflate?: boolean;
  readonly local?: Partial<Said>;
  readonly central?: Partial<Said & { readonly offset: number }>;
  /** Behind the data. */
  readonly descriptor?: string;
}

const uint = (bytes: number, value: number | bigint): string =>
  Array.from({ length: bytes }, (_, i) => String.fromCharCode(Number((BigInt(value) >> BigInt(8 * i)) & 0xffn))).join('');
const zip64 = (...sizes: readonly (number | bigint)[]): string =>
  uint(2, 1) + uint(2, 8 * sizes.length) + sizes.map((size) => uint(8, size)).join('');
const UNKNOWN = 0xffffffff;

/** A zip archive, byte by byte. */
function zip(files: readonly File[], end: { readonly count?: number; readonly size?: number } = {}): Uint8Array {
  let [body, directory] = ['', ''];
  for (const { name, content, deflate = false, local, central, descriptor = '' } of files) {
    const data = deflate ? String.fromCharCode(...deflateSync(latin(content))) : content;
    const truth: Said = {
      name,
      flags: 0,
      method: deflate ? 8 : 0,
      crc: crc32(latin(content)),
      packed: data.length,
      size: content.length,
      extra: '',
    };
    const common = ({ flags, method, crc, packed, size, name: called, extra }: Said) =>
      uint(2, 20) + uint(2, flags) + uint(2, method) + uint(4, 0) + uint(4, crc) + uint(4, packed) + uint(4, size) + uint(2, called.length) + uint(2, extra.length); // prettier-ignore
    const [here, there] = [
      { ...truth, ...local },
      { offset: body.length, ...truth, ...central },
    ];
    body += `PK\x03\x04${common(here)}${here.name}${here.extra}${data}${descriptor}`;
    directory += `PK\x01\x02${uint(2, 20)}${common(there)}${uint(10, 0)}${uint(4, there.offset)}${there.name}${there.extra}`;
  }
  const { count = files.length, size = directory.length } = end;
  return latin(
    `${body}${directory}PK\x05\x06${uint(4, 0)}${uint(2, count)}${uint(2, count)}${uint(4, size)}${uint(4, body.length)}${uint(2, 0)}`,
  );
}

const list = (bytes: Uint8Array, entries = 100) =>
  [...zipDirectory(bytes, { entries }).values()].map(({ name, deflated, size, start, end }) => [name, deflated, size, end - start]);

describe('zipDirectory', () => {
  it('lists stored and deflated files with their sizes', () => {
    const bytes = zip([{ name: 'a', content: 'hello' }, { name: 'b', content: 'x'.repeat(1000), deflate: true }, { name: 'c/', content: '' }]); // prettier-ignore
    expect(list(bytes)).toEqual([
      ['a', false, 5, 5],
      ['b', true, 1000, deflateSync(latin('x'.repeat(1000))).length],
      ['c/', false, 0, 0],
    ]);
  });
  it('reads sizes of eight bytes from the extra field of either header, behind others that it does not know', () => {
    const other = `${uint(2, 0x5455)}${uint(2, 3)}abc`;
    const file = { name: 'a', content: 'hello', local: { size: UNKNOWN, packed: UNKNOWN, extra: other + zip64(5, 5) } };
    expect(list(zip([file]))).toEqual([['a', false, 5, 5]]);
    expect(list(zip([{ ...file, central: { size: UNKNOWN, packed: UNKNOWN, offset: UNKNOWN, extra: other + zip64(5, 5, 0) } }]))).toEqual([['a', false, 5, 5]]); // prettier-ignore
    expect(list(zip([{ ...file, central: { offset: UNKNOWN, extra: zip64(0) } }]))).toEqual([['a', false, 5, 5]]);
  });
  it('reads sizes behind the data, of four bytes or eight, with a signature or without', () => {
    const crc = uint(4, crc32(latin('hello')));
    const file = { name: 'a', content: 'hello', local: { flags: 8, crc: 0, packed: 0, size: 0 }, central: { flags: 8 } };
    for (const descriptor of [`${crc}${uint(4, 5)}${uint(4, 5)}`, `PK\x07\x08${crc}${uint(4, 5)}${uint(4, 5)}`, `PK\x07\x08${crc}${uint(8, 5)}${uint(8, 5)}`])
      expect(list(zip([{ ...file, descriptor }]))).toEqual([['a', false, 5, 5]]); // prettier-ignore
  });

  const a = { name: 'a', content: 'hello' };
  const sized = (said: Partial<Said>, where: 'local' | 'central' = 'central') => [{ ...a, [where]: said }];
  const streamed = (descriptor: string) => [{ ...a, local: { flags: 8, crc: 0, packed: 0, size: 0 }, central: { flags: 8 }, descriptor: `PK\x07\x08${descriptor}` }]; // prettier-ignore
  const crc = uint(4, crc32(latin('hello')));
  const within = `${String.fromCharCode(...zip([{ name: 'b', content: '' }]).subarray(0, 31))}..`; // a header of b, and two bytes more
  it.each<[string, Uint8Array, RegExp]>([
    ['a name twice', zip([a, a]), /each file of the archive once, got a twice/],
    ['more bytes than entries', zip([a, { ...a, name: 'b' }], { count: 1 }), /expected \d+ bytes of zip directory, got \d+/],
    ['more entries than bytes', zip([a], { count: 2 }), /expected an entry of the zip directory at byte/],
    ['a directory of another size', zip([a], { size: 40 }), /expected the zip directory to end at byte/],
    ['an entry longer than the directory', zip([{ ...a, central: { name: 'a'.repeat(9), extra: '' } }], {}).with(36 + 28, 200), /got its end/],
    ['one file within another', zip([{ name: 'a', content: within }, { name: 'b', content: '', central: { offset: 31 } }]), /each file of the archive by itself, got b within another/],
    ['a file in the directory', zip(sized({ packed: 1000, size: 1000 })), /expected 1000 bytes of a, got the end of the archive/],
    ['sizes of eight bytes that are not there', zip(sized({ packed: UNKNOWN, size: UNKNOWN })), /got the end of the archive/],
    ['sizes of eight bytes that are cut off', zip(sized({ packed: UNKNOWN, size: UNKNOWN, extra: zip64(5) })), /sizes in the zip64 field, got its end/],
    ['a size of 2^60', zip(sized({ packed: UNKNOWN, size: UNKNOWN, extra: zip64(2n ** 60n, 2n ** 60n) })), /got the end of the archive/],
    ['another size of eight bytes', zip(sized({ size: UNKNOWN, packed: UNKNOWN, extra: zip64(6, 5) }, 'local')), /two zip headers of a to agree/],
    ['a folder with packed bytes', zip([{ name: 'a/', content: '', deflate: true }]), /expected a folder a\/ to be empty/],
    ['another checksum behind the data', zip(streamed(`${uint(4, 1)}${uint(4, 5)}${uint(4, 5)}`)), /contradiction behind its data/],
    ['another size behind the data', zip(streamed(`${crc}${uint(4, 5)}${uint(4, 6)}`)), /contradiction behind its data/],
    ['another packed size behind the data', zip(streamed(`${crc}${uint(4, 6)}${uint(4, 5)}`)), /contradiction behind its data/],
    ['another size of eight bytes behind the data', zip(streamed(`${crc}${uint(8, 5)}${uint(8, 6)}`)), /contradiction behind its data/],
    ['nothing', new Uint8Array(), /got none with a directory at its end/],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => list(bytes)).toThrow(expect.objectContaining({ code: 'CORRUPT_FILE', message: expect.stringMatching(message) }));
  }); // prettier-ignore
  it('keeps the limit of entries, of which it trusts the number', () => {
    expect(() => list(zip([a, { ...a, name: 'b' }]), 1)).toThrow(expect.objectContaining({ code: 'LIMIT_EXCEEDED' }));
  });
});

describe('readPyTorchCheckpoint on data that are not what the zip directory says', () => {
  const program = `\x80\x02${tensor()}.`;
  const archive = (storage: Partial<File>) => zip([{ name: 'a/data.pkl', content: program }, { name: 'a/data/0', content: '\0'.repeat(8), ...storage }]); // prettier-ignore
  const both = (said: Partial<Said>): Partial<File> => ({ local: said, central: said });
  it('reads them if they are', () => {
    expect(readPyTorchCheckpoint(archive({})).get('tensor')?.shape).toEqual([2]);
    expect(readPyTorchCheckpoint(archive({ deflate: true })).get('tensor')?.shape).toEqual([2]);
  });
  it.each<[string, Partial<File>, RegExp]>([
    ['deflated to more', { deflate: true, content: '\0'.repeat(100), ...both({ size: 8 }) }, /expected 8 bytes in data\/0, got 100/],
    ['deflated to less', { deflate: true, content: '\0'.repeat(7), ...both({ size: 8 }) }, /expected 8 bytes in data\/0, got 7/],
    ['not deflated', { content: '\xff'.repeat(8), ...both({ method: 8 }) }, /expected 8 bytes in data\/0, got "invalid block type"/],
    ['of another checksum', both({ crc: 1 }), /expected checksum 00000001 of data\/0, got 6522df69/],
  ])('refuses a storage %s', (_, storage, message) => {
    expect(() => readPyTorchCheckpoint(archive(storage))).toThrow(
      expect.objectContaining({ code: 'CORRUPT_FILE', message: expect.stringMatching(message) }),
    );
  });
  it('compares the sizes of all files with the limits before it inflates one', () => {
    const bytes = archive({ deflate: true, content: '\0'.repeat(100_000) });
    expect(() => readPyTorchCheckpoint(bytes, { limits: { dataBytes: 1000, pickleBytes: 1000 } })).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED', message: expect.stringContaining('raise limits.dataBytes') }),
    );
  });
  it('refuses data of an order that it does not know, however long its name', () => {
    const bytes = zip([{ name: 'a/data.pkl', content: program }, { name: 'a/byteorder', content: 'x'.repeat(100_000) }]); // prettier-ignore
    expect(() => readPyTorchCheckpoint(bytes)).toThrow(/little-endian data, got another/);
  });
});
