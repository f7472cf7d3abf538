import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

import { NetSpaceError } from '@netspace/prep';

/** A file in a zip archive. */
export interface ZipEntry {
  readonly name: string;
  readonly size: number;
  readonly compressedSize: number;
  readonly deflated: boolean;
  readonly headerOffset: number;
}

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const LOCAL_HEADER_BYTES = 30;
/** A wheel of TensorFlow has 16,000 files. */
const MAX_DIRECTORY_BYTES = 64 * 2 ** 20;

/** Lists an archive by its central directory; archives beyond 4 GiB (zip64) are not read. */
export async function listZip(file: string): Promise<readonly ZipEntry[]> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const tail = await readAt(handle, Math.max(0, size - 65_557), Math.min(size, 65_557));
    const end = tail.lastIndexOf(Uint8Array.of(0x50, 0x4b, 0x05, 0x06));
    if (end < 0 || tail.length < end + 22 || tail.readUInt32LE(end) !== END_SIGNATURE) throw corrupt(file, 'has no end record');
    const bytes = tail.readUInt32LE(end + 12);
    if (bytes > MAX_DIRECTORY_BYTES) throw corrupt(file, `has a directory of ${bytes} bytes`);
    return parseDirectory(await readAt(handle, tail.readUInt32LE(end + 16), bytes), file);
  } finally {
    await handle.close();
  }
}

function parseDirectory(directory: Buffer, file: string): ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = 0; at + 46 <= directory.length;) {
    if (directory.readUInt32LE(at) !== ENTRY_SIGNATURE) throw corrupt(file, 'has a damaged directory');
    const nameBytes = directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameBytes),
      size: directory.readUInt32LE(at + 24),
      compressedSize: directory.readUInt32LE(at + 20),
      deflated: directory.readUInt16LE(at + 10) === 8,
      headerOffset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/**
 * Writes one file of an archive to disk, in constant memory.
 *
 * @returns its SHA-256, as bytes
 */
export async function extractZipEntry(file: string, entry: ZipEntry, target: string): Promise<Buffer> {
  const handle = await open(file);
  let local: Buffer;
  try {
    local = await readAt(handle, entry.headerOffset, LOCAL_HEADER_BYTES);
  } finally {
    await handle.close();
  }
  const start = entry.headerOffset + LOCAL_HEADER_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28);
  const hash = createHash('sha256');
  let written = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      written += chunk.length;
      done(written > entry.size ? corrupt(file, `holds more than ${entry.size} bytes in ${entry.name}`) : null, chunk);
    },
  });
  const source = entry.compressedSize === 0 ? [] : createReadStream(file, { start, end: start + entry.compressedSize - 1 });
  if (entry.deflated) await pipeline(source, createInflateRaw(), meter, createWriteStream(target));
  else await pipeline(source, meter, createWriteStream(target));
  return hash.digest();
}

const readAt = async (handle: FileHandle, position: number, length: number): Promise<Buffer> => {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
};

const corrupt = (file: string, problem: string): NetSpaceError =>
  new NetSpaceError(
    'CORRUPT_FILE',
    `installNativeRuntime: expected a zip archive in ${file}, which ${problem}; run it again to repeat the download`,
  );
