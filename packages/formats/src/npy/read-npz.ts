import { isNetSpaceError, NetSpaceError } from '@netspace/prep';
import { checkBytes, type GivenBy, limitsOf, objectOf, parseOptions } from '@netspace/prep/internal';

import { unpacked } from '../pytorch/containers/zip-archive.js';
import { zipDirectory } from '../pytorch/containers/zip-directory.js';
import { brief } from '../pytorch/limits.js';
import type { RawTensor } from '../raw-tensor.js';
import { whatIs } from '../what-is.js';
import { readNpy } from './read-npy.js';

/** Upper limits of an npz file, checked before anything of that size is allocated. */
export interface NpzLimits {
  /** Arrays in the archive. */
  readonly entries: number;
  /** Bytes of all arrays, uncompressed. */
  readonly dataBytes: number;
  /** Bytes of arrays for each byte of the file. The first 16 MiB do not count. */
  readonly amplification: number;
}

/** The limits that {@link readNpz} applies unless its option `limits` changes them. */
export const NPZ_LIMITS: NpzLimits = { entries: 10_000, dataBytes: 4 * 2 ** 30, amplification: 100 };

/** Bytes that the limit `amplification` allows for any file, however small it is. */
const FREE_BYTES = 16 * 2 ** 20;

/** See {@link ReadNpzOptions}. */
export const readNpzOptions = objectOf({
  /**
   * Raises or lowers single limits.
   * @default NPZ_LIMITS
   */
  limits: limitsOf(NPZ_LIMITS),
});

/** Options of {@link readNpz}. */
export interface ReadNpzOptions extends GivenBy<typeof readNpzOptions> {}

/**
 * Reads an archive of NumPy arrays (`.npz`), as `numpy.savez` and `numpy.savez_compressed` write it; safe on untrusted bytes.
 *
 * The sizes of all arrays are known, and within limits, before one is unpacked. Checksums are compared.
 *
 * @param bytes the whole file
 * @returns the arrays by their names, without `.npy`, in the archive's order
 * @throws NetSpaceError as `readNpy`, naming the array; `CORRUPT_FILE` if it is no zip archive of arrays or is damaged, `LIMIT_EXCEEDED`
 *   beyond one of {@link NPZ_LIMITS}
 * @example
 * ```ts
 * import { readNpz } from '@netspace/formats';
 *
 * const shapes = (bytes: Uint8Array) => [...readNpz(bytes)].map(([name, { shape }]) => `${name} [${shape}]`);
 * ```
 * @see https://numpy.org/doc/stable/reference/generated/numpy.savez.html
 */
export function readNpz(bytes: Uint8Array, options: ReadNpzOptions = {}): ReadonlyMap<string, RawTensor> {
  const { limits } = parseOptions('readNpz', readNpzOptions, options);
  checkBytes('readNpz', bytes);
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) {
    throw new NetSpaceError('CORRUPT_FILE', `readNpz: expected an npz archive, got ${whatIs(bytes)}; check the path`);
  }
  return ofArchive(() => {
    const entries = [...zipDirectory(bytes, limits).values()];
    const total = entries.reduce((sum, { size }) => sum + size, 0);
    if (total > limits.dataBytes) throw exceeded('dataBytes', limits.dataBytes, total);
    if (total > Math.max(FREE_BYTES, bytes.byteLength * limits.amplification)) {
      throw exceeded('amplification', limits.amplification, Math.ceil(total / bytes.byteLength));
    }
    return new Map(
      entries.map((entry) => {
        if (!entry.name.endsWith('.npy')) {
          throw new NetSpaceError(
            'CORRUPT_FILE',
            `readNpz: expected arrays alone (.npy), got ${brief(entry.name)}; is it another archive?`,
          );
        }
        const name = entry.name.slice(0, -'.npy'.length);
        const content = unpacked(bytes, entry, true);
        return [name, named(name, () => readNpy(content))];
      }),
    );
  });
}

const exceeded = (limit: keyof NpzLimits, allowed: number, got: number): NetSpaceError =>
  new NetSpaceError('LIMIT_EXCEEDED', `readNpz: expected at most ${allowed} ${limit}, got ${got}; raise limits.${limit}`);

/** The result of a task, whose errors name the array. */
function named<T>(name: string, task: () => T): T {
  try {
    return task();
  } catch (error) {
    if (!isNetSpaceError(error)) throw error;
    throw new NetSpaceError(error.code, `readNpz: ${brief(name)}: ${error.message}`, { cause: error });
  }
}

/** The result of a task on an archive; the zip reader speaks of PyTorch's archives otherwise. */
function ofArchive<T>(task: () => T): T {
  try {
    return task();
  } catch (error) {
    if (!isNetSpaceError(error) || error.message.startsWith('readNpz')) throw error;
    const words = error.message.replace('readPyTorchCheckpoint', 'readNpz').replace('no checkpoint', 'no npz archive');
    throw new NetSpaceError(error.code, words, { cause: error });
  }
}
