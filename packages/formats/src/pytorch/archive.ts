import { unzipSync, type UnzipFileInfo } from 'fflate';

import { NetSpaceError } from '@netspace/prep';

/** What a PyTorch checkpoint may ask for; checked before anything of that size is allocated. */
export interface PyTorchLimits {
  /** Files in the archive. */
  readonly entries: number;
  /** Bytes of the pickle, uncompressed. */
  readonly pickleBytes: number;
  /** Bytes of all storages, uncompressed, and of all tensors read from them. */
  readonly dataBytes: number;
  /** Tensors. */
  readonly tensors: number;
  /** Axes of one tensor. */
  readonly rank: number;
  /** Containers within containers. */
  readonly depth: number;
  /** Values in all containers. */
  readonly values: number;
}

export const PYTORCH_LIMITS: PyTorchLimits = {
  entries: 100_000,
  pickleBytes: 64 * 2 ** 20,
  dataBytes: 4 * 2 ** 30,
  tensors: 100_000,
  rank: 16,
  depth: 32,
  values: 1_000_000,
};

/** A checkpoint's zip archive; every file's size is known, and within limits, before it is inflated. */
export interface PyTorchArchive {
  /** Uncompressed bytes of a file, `undefined` if there is none. */
  sizeOf(name: string): number | undefined;
  /** Inflates some files at once. */
  read(names: readonly string[]): ReadonlyMap<string, Uint8Array>;
}

/** Lists an archive, whose files all lie in one folder; names are given without it. */
export function openPyTorchArchive(bytes: Uint8Array, limits: PyTorchLimits): PyTorchArchive {
  checkSignature(bytes);
  const sizes = new Map<string, number>();
  let total = 0;
  unzip(bytes, ({ name, originalSize }) => {
    if (sizes.has(name)) throw corruptArchive(`expected each file once, got ${name} twice`);
    sizes.set(name, originalSize);
    total += originalSize;
    if (sizes.size > limits.entries) throw limitExceeded('entries', limits.entries, sizes.size);
    if (!(total <= limits.dataBytes + limits.pickleBytes)) throw limitExceeded('dataBytes', limits.dataBytes, total);
    return false;
  });
  const roots = [...sizes.keys()].filter((name) => /^[^/]*\/data\.pkl$/.test(name));
  if (roots.length !== 1) throw corruptArchive(`expected one data.pkl, got ${roots.length}`);
  const root = roots[0]!.slice(0, -'data.pkl'.length);
  if (sizes.has(`${root}constants.pkl`)) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      'readPyTorchCheckpoint: expected a state dict, got a TorchScript program; save the state dict alone, torch.save(model.state_dict(), path)',
    );
  }
  return {
    sizeOf: (name) => sizes.get(root + name),
    read: (names) => {
      const wanted = new Set(names.map((name) => root + name));
      const files = unzip(bytes, ({ name }) => wanted.has(name));
      return new Map(names.map((name) => [name, checkSize(name, files[root + name], sizes.get(root + name))]));
    },
  };
}

function checkSignature(bytes: Uint8Array): void {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return;
  if (bytes[0] === 0x80) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      'readPyTorchCheckpoint: expected the zip format of PyTorch ≥ 1.6, got the older pickle format; load and save it once with a current PyTorch',
    );
  }
  throw corruptArchive('expected a zip archive, got other bytes');
}

const checkSize = (name: string, content: Uint8Array | undefined, size: number | undefined): Uint8Array => {
  if (content === undefined || content.byteLength !== size) {
    throw corruptArchive(`expected ${size} bytes in ${name}, got ${content?.byteLength ?? 'no such file'}`);
  }
  return content;
};

const unzip = (bytes: Uint8Array, filter: (file: UnzipFileInfo) => boolean): Record<string, Uint8Array> => {
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof NetSpaceError) throw error;
    throw corruptArchive(`expected a readable zip archive, got "${error instanceof Error ? error.message : String(error)}"`, {
      cause: error,
    });
  }
};

export const limitExceeded = (limit: keyof PyTorchLimits, allowed: number, got: number): NetSpaceError =>
  new NetSpaceError('LIMIT_EXCEEDED', `readPyTorchCheckpoint: expected at most ${allowed} ${limit}, got ${got}; raise limits.${limit}`);

export const corruptArchive = (message: string, options?: ErrorOptions): NetSpaceError =>
  new NetSpaceError('CORRUPT_FILE', `readPyTorchCheckpoint: ${message}; the file is damaged or no checkpoint`, options);
