import { NetSpaceError } from '@netspace/prep';

/** Upper limits of a PyTorch checkpoint, checked before anything of that size is allocated or done. */
export interface PyTorchLimits {
  /** Files in the archive. */
  readonly entries: number;
  /** Bytes of the pickle, uncompressed. */
  readonly pickleBytes: number;
  /** Instructions of the pickle. */
  readonly operations: number;
  /** Values on the pickle's stack. */
  readonly stack: number;
  /** Bytes of all storages, uncompressed, and of all tensors read from them. */
  readonly dataBytes: number;
  /**
   * Bytes of storages and tensors for each byte of the file. Compression, views expanded by stride 0 and shared storages let a small file
   * ask for much memory. The first 16 MiB do not count. The same holds for the pickle's instructions, beyond the first 500,000.
   */
  readonly amplification: number;
  /** Number of tensors. */
  readonly tensors: number;
  /** Characters of all tensors' names. */
  readonly nameCharacters: number;
  /** Axes of one tensor. */
  readonly rank: number;
  /** Containers within containers. */
  readonly depth: number;
  /** Values in all containers. Those of a shared container count each time that it is reached. */
  readonly values: number;
}

/** The limits that {@link readPyTorchCheckpoint} applies unless its option `limits` changes them. */
export const PYTORCH_LIMITS: PyTorchLimits = {
  entries: 100_000,
  pickleBytes: 64 * 2 ** 20,
  operations: 2_000_000, // 38 for each tensor of a state_dict, 131 for each parameter with its Adam: 52,000 and 15,000 of them
  stack: 1_000_000,
  dataBytes: 4 * 2 ** 30,
  amplification: 20,
  tensors: 100_000,
  nameCharacters: 8_000_000,
  rank: 64,
  depth: 128,
  values: 4_000_000,
};

/** Bytes that the limit `amplification` allows for any file, however small it is. */
export const FREE_BYTES = 16 * 2 ** 20;

/** Instructions that the limit `amplification` allows for any pickle. A pickle that is not compressed has fewer instructions than bytes. */
const FREE_OPERATIONS = 500_000;

/** Counts the instructions of all pickles of a file against `operations` and `amplification`. */
export function operationBudget(fileBytes: number, { operations, amplification }: PyTorchLimits): (count: number) => void {
  const amplified = Math.max(FREE_OPERATIONS, fileBytes * amplification);
  let total = 0;
  return (count) => {
    total += count;
    if (total > operations) throw limitExceeded('operations', operations, total);
    if (total > amplified) throw limitExceeded('amplification', amplification, Math.ceil(total / fileBytes));
  };
}

export const limitExceeded = (limit: keyof PyTorchLimits, allowed: number, got: number): NetSpaceError =>
  new NetSpaceError('LIMIT_EXCEEDED', `readPyTorchCheckpoint: expected at most ${allowed} ${limit}, got ${got}; raise limits.${limit}`);

/** Counts bytes against `dataBytes` and `amplification` before they are allocated. */
export function byteBudget(fileBytes: number, limits: PyTorchLimits): (bytes: number) => void {
  const amplified = Math.max(FREE_BYTES, fileBytes * limits.amplification);
  let total = 0;
  return (bytes) => {
    total += bytes;
    if (!(total <= limits.dataBytes)) throw limitExceeded('dataBytes', limits.dataBytes, total);
    if (total > amplified) throw limitExceeded('amplification', limits.amplification, Math.ceil(total / fileBytes));
  };
}

export const corruptFile = (message: string, options?: ErrorOptions): NetSpaceError =>
  new NetSpaceError('CORRUPT_FILE', `readPyTorchCheckpoint: ${message}; the file is damaged or no checkpoint`, options);

/** A name from a file, cut so that it cannot fill an error message. */
export const brief = (text: string): string => (text.length > 100 ? `${text.slice(0, 80)}… (${text.length} characters)` : text);
