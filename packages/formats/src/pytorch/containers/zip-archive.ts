import { Inflate } from 'fflate';

import { NetSpaceError } from '@netspace/prep';
import { crc32 } from './crc32.js';
import { brief, corruptFile, limitExceeded, type PyTorchLimits } from '../limits.js';
import { zipDirectory, type ZipEntry } from './zip-directory.js';

/** A checkpoint's zip archive; every file's size is known, and within limits, before it is inflated. */
export interface PyTorchArchive {
  /** Uncompressed bytes of a file, `undefined` if there is none. */
  sizeOf(name: string): number | undefined;
  /** Inflates a file that is there and compares its checksum. */
  read(name: string): Uint8Array;
}

/** Lists an archive, whose files all lie in one folder; names are given without it. */
export function openZipArchive(bytes: Uint8Array, limits: PyTorchLimits): PyTorchArchive {
  const entries = zipDirectory(bytes, limits);
  let total = 0;
  for (const { size } of entries.values()) total += size;
  if (!(total <= limits.dataBytes + limits.pickleBytes)) throw limitExceeded('dataBytes', limits.dataBytes, total);
  const roots = [...entries.keys()].filter((name) => /^[^/]*\/data\.pkl$/.test(name));
  if (roots.length !== 1) throw noPickle(entries, roots.length);
  const root = roots[0]!.slice(0, -'data.pkl'.length);
  if (entries.has(`${root}constants.pkl`)) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      'readPyTorchCheckpoint: expected a state dict, got a TorchScript program; save the state dict alone, torch.save(model.state_dict(), path)',
    );
  }
  // torch.serialization.set_crc32_options(False) leaves every checksum 0. Then there is nothing to compare.
  const checked = [...entries.values()].some(({ crc }) => crc !== 0);
  return {
    sizeOf: (name) => entries.get(root + name)?.size,
    read: (name) => unpacked(bytes, { ...entries.get(root + name)!, name }, checked),
  };
}

/** A file of an archive, inflated; `checked` compares its checksum. */
export function unpacked(bytes: Uint8Array, entry: ZipEntry, checked: boolean): Uint8Array {
  const packed = bytes.subarray(entry.start, entry.end);
  const content = entry.deflated ? inflate(packed, entry) : packed;
  const got = checked ? crc32(content) : 0;
  if (checked && got !== entry.crc) throw corruptFile(`expected checksum ${hex(entry.crc)} of ${brief(entry.name)}, got ${hex(got)}`);
  return content;
}

const hex = (value: number): string => value.toString(16).padStart(8, '0');

/** Inflates into a buffer of the size that the directory gives, and stops at the first byte beyond. */
function inflate(packed: Uint8Array, { name, size }: ZipEntry): Uint8Array {
  const content = new Uint8Array(size);
  let written = 0;
  const wrong = (got: number | string, cause?: unknown) => corruptFile(`expected ${size} bytes in ${brief(name)}, got ${got}`, { cause });
  const stream = new Inflate((chunk) => {
    if (written + chunk.length > size) throw wrong(written + chunk.length);
    content.set(chunk, written);
    written += chunk.length;
  });
  try {
    for (let i = 0; i < packed.length; i += 65_536) stream.push(packed.subarray(i, i + 65_536), i + 65_536 >= packed.length);
  } catch (error) {
    if (error instanceof NetSpaceError) throw error;
    throw wrong(`"${(error as Error).message}"`, error);
  }
  if (written !== size) throw wrong(written);
  return content;
}

function noPickle(entries: ReadonlyMap<string, unknown>, found: number): NetSpaceError {
  const names = [...entries.keys()];
  const is = names.some((name) => name.endsWith('.npy'))
    ? 'a NumPy archive (.npz)'
    : names.some((name) => /(^|\/)(config\.json|model\.weights\.h5)$/.test(name))
      ? 'a Keras archive (.keras)'
      : undefined;
  if (is === undefined) return corruptFile(`expected one data.pkl, got ${found}`);
  return new NetSpaceError(
    'UNSUPPORTED',
    `readPyTorchCheckpoint: expected what torch.save wrote, got ${is}; save its weights as safetensors`,
  );
}
