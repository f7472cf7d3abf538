import { brief, corruptFile, limitExceeded, type PyTorchLimits } from '../limits.js';

/** A file of a zip archive, whose two headers agree and whose bytes lie in the archive and in no other file. */
export interface ZipEntry {
  readonly name: string;
  readonly deflated: boolean;
  readonly crc: number;
  /** Uncompressed. */
  readonly size: number;
  /** Where its bytes lie in the archive. */
  readonly start: number;
  readonly end: number;
}

const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const END_64_LOCATOR = 0x07064b50;
const ENCRYPTED = 1;
const SIZES_FOLLOW = 8;
const DESCRIPTOR = 0x08074b50;
const DOS_FOLDER = 0x10;

/**
 * Lists a zip archive. All its parts must agree. Nothing is inflated.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export function zipDirectory(bytes: Uint8Array, limits: Pick<PyTorchLimits, 'entries'>): ReadonlyMap<string, ZipEntry> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { count, start, end } = findDirectory(view);
  if (count > limits.entries) throw limitExceeded('entries', limits.entries, count);
  const entries = new Map<string, ZipEntry>();
  let position = start;
  for (let i = 0; i < count; i++) {
    const { entry, next } = readEntry(view, bytes, position, { start, end });
    if (entries.has(entry.name)) throw corruptFile(`expected each file of the archive once, got ${brief(entry.name)} twice`);
    entries.set(entry.name, entry);
    position = next;
  }
  if (position !== end) throw corruptFile(`expected ${end - start} bytes of zip directory, got ${position - start}`);
  checkOverlap([...entries.values()]);
  return entries;
}

interface Directory {
  readonly count: number;
  readonly start: number;
  readonly end: number;
}

/** The end record is last in the file. Only a comment of at most 65,535 bytes may follow it, whose length the record gives. */
function findDirectory(view: DataView): Directory {
  const length = view.byteLength;
  for (let at = length - 22; at >= Math.max(0, length - 22 - 0xffff); at--) {
    if (view.getUint32(at, true) !== END || view.getUint16(at + 20, true) !== length - at - 22) continue;
    const small = { count: view.getUint16(at + 10, true), size: view.getUint32(at + 12, true), start: view.getUint32(at + 16, true) };
    const big = at >= 20 && view.getUint32(at - 20, true) === END_64_LOCATOR ? readEnd64(view, at - 20) : undefined;
    const agree = (one: number, other: number, unknown: number) => one === unknown || one === other;
    if (
      big &&
      !(agree(small.count, big.count, 0xffff) && agree(small.size, big.size, 0xffffffff) && agree(small.start, big.start, 0xffffffff))
    ) {
      throw corruptFile('expected one zip directory, got two end records that contradict each other');
    }
    const { count, size, start, limit } = big ?? { ...small, limit: at };
    if (start + size !== limit) throw corruptFile(`expected the zip directory to end at byte ${limit}, got ${start + size}`);
    return { count, start, end: start + size };
  }
  throw corruptFile('expected a readable zip archive, got none with a directory at its end');
}

function readEnd64(view: DataView, locator: number): Directory & { readonly size: number; readonly limit: number } {
  const at = Number(view.getBigUint64(locator + 8, true));
  if (!(at + 56 <= locator) || view.getUint32(at, true) !== END_64)
    throw corruptFile('expected the zip64 end record where the archive says');
  const [count, size, start] = [24 + 8, 40, 48].map((offset) => Number(view.getBigUint64(at + offset, true))) as [number, number, number];
  return { count, size, start, end: start + size, limit: at };
}

function readEntry(view: DataView, bytes: Uint8Array, at: number, directory: Omit<Directory, 'count'>) {
  if (at + 46 > directory.end || view.getUint32(at, true) !== CENTRAL)
    throw corruptFile(`expected an entry of the zip directory at byte ${at}`);
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const crc = view.getUint32(at + 16, true);
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [
    number,
    number,
    number,
  ];
  const next = at + 46 + nameLength + extraLength + commentLength;
  if (next > directory.end) throw corruptFile(`expected an entry of the zip directory at byte ${at}, got its end`);
  const name = text(bytes.subarray(at + 46, at + 46 + nameLength));
  const [size, packed, offset] = bigSizes(view, at + 46 + nameLength, extraLength, [
    view.getUint32(at + 24, true),
    view.getUint32(at + 20, true),
    view.getUint32(at + 42, true),
  ]);
  if (flags & ENCRYPTED || (method !== 0 && method !== 8)) {
    throw corruptFile(`expected ${brief(name)} stored or deflated, got ${flags & ENCRYPTED ? 'it encrypted' : `compression ${method}`}`);
  }
  if (view.getUint16(at + 34, true) !== 0) throw corruptFile(`expected the whole archive in one file, got ${brief(name)} on another disk`);
  const isFolder = (view.getUint32(at + 38, true) & DOS_FOLDER) !== 0 || name.endsWith('/');
  if (isFolder && (size > 0 || packed > 0)) throw corruptFile(`expected a folder ${brief(name)} to be empty, got ${size} bytes`);
  if (method === 0 && size !== packed) throw corruptFile(`expected ${size} bytes of ${brief(name)}, got ${packed}`);
  if (offset + 30 > directory.start || view.getUint32(offset, true) !== LOCAL)
    throw corruptFile(`expected ${brief(name)} at byte ${offset}`);
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  if (!(start + packed <= directory.start)) throw corruptFile(`expected ${packed} bytes of ${brief(name)}, got the end of the archive`);
  const local = {
    flags: view.getUint16(offset + 6, true),
    method: view.getUint16(offset + 8, true),
    crc: view.getUint32(offset + 14, true),
  };
  const localLength = view.getUint16(offset + 26, true);
  const [localSize, localPacked] = bigSizes(view, offset + 30 + localLength, view.getUint16(offset + 28, true), [
    view.getUint32(offset + 22, true),
    view.getUint32(offset + 18, true),
    0,
  ]);
  const same = (one: number, other: number) => one === other || (one === 0 && (local.flags & SIZES_FOLLOW) !== 0);
  if (
    text(bytes.subarray(offset + 30, offset + 30 + localLength)) !== name ||
    local.method !== method ||
    !(same(local.crc, crc) && same(localSize, size) && same(localPacked, packed))
  ) {
    throw corruptFile(`expected the two zip headers of ${brief(name)} to agree, got a contradiction`);
  }
  if (local.flags & SIZES_FOLLOW) checkDescriptor(view, start + packed, { name, crc, size, packed });
  return { entry: { name, deflated: method === 8, crc, size, start, end: start + packed }, next };
}

/**
 * The record that follows a file's data if its sizes were not known before. It gives the sizes a third time, in four or eight bytes each.
 */
function checkDescriptor(
  view: DataView,
  at: number,
  { name, crc, size, packed }: Pick<ZipEntry, 'name' | 'crc' | 'size'> & { readonly packed: number },
): void {
  if (at + 24 > view.byteLength || view.getUint32(at, true) !== DESCRIPTOR) return; // it need not have a signature
  const short = view.getUint32(at + 8, true) === packed && view.getUint32(at + 12, true) === size;
  const long = view.getBigUint64(at + 8, true) === BigInt(packed) && view.getBigUint64(at + 16, true) === BigInt(size);
  if (view.getUint32(at + 4, true) !== crc || !(short || long)) {
    throw corruptFile(`expected the two zip headers of ${brief(name)} to agree, got a contradiction behind its data`);
  }
}

/** Sizes of 2^32 - 1 are in the zip64 extra field, in the order size, packed size, offset. */
function bigSizes(view: DataView, at: number, length: number, sizes: [number, number, number]): [number, number, number] {
  if (!sizes.includes(0xffffffff)) return sizes;
  for (let position = at; position + 4 <= at + length;) {
    const [id, bytes] = [view.getUint16(position, true), view.getUint16(position + 2, true)];
    if (id === 1) {
      let field = position + 4;
      return sizes.map((size) => {
        if (size !== 0xffffffff) return size;
        field += 8;
        if (field > position + 4 + bytes || field > view.byteLength) throw corruptFile('expected sizes in the zip64 field, got its end');
        return Number(view.getBigUint64(field - 8, true));
      }) as [number, number, number];
    }
    position += 4 + bytes;
  }
  return sizes;
}

function checkOverlap(entries: readonly ZipEntry[]): void {
  let end = 0;
  for (const entry of entries.toSorted((a, b) => a.start - b.start)) {
    if (entry.start < end) throw corruptFile(`expected each file of the archive by itself, got ${brief(entry.name)} within another`);
    end = Math.max(end, entry.end);
  }
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
