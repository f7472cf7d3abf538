import { NetSpaceError } from '@netspace/prep';
import { checkBytes, type GivenBy, limitsOf, objectOf, parseOptions } from '@netspace/prep/internal';
import { withStructure, type CheckpointTensors } from '../checkpoint-tensors.js';
import { readPyTorchCheckpoint } from '../pytorch/checkpoint.js';
import { PYTORCH_LIMITS } from '../pytorch/limits.js';
import { isTar } from '../pytorch/containers/tar-file.js';
import { SAFETENSORS_LIMITS } from '../safetensors/header.js';
import { readSafetensors } from '../safetensors/safetensors.js';
import { whatIs } from '../what-is.js';

/** See {@link ReadCheckpointOptions}. */
export const readCheckpointOptions = objectOf({
  /**
   * Raises or lowers single limits, of either kind of file.
   * @default SAFETENSORS_LIMITS, PYTORCH_LIMITS
   */
  limits: limitsOf({ ...PYTORCH_LIMITS, ...SAFETENSORS_LIMITS }),
});

/** Options of {@link readCheckpoint}. */
export interface ReadCheckpointOptions extends GivenBy<typeof readCheckpointOptions> {}

/**
 * The tensors of a safetensors file or of a PyTorch checkpoint. Its first bytes decide which of the two it is. Safe on untrusted bytes.
 *
 * @param bytes the whole file
 * @returns tensors by name, in the file's order
 * @throws NetSpaceError as {@link readPyTorchCheckpoint} and {@link readSafetensors}; `UNSUPPORTED` for any other kind of file, naming
 *   the kind
 * @example
 * ```ts
 * import { readCheckpoint, writeSafetensors } from '@netspace/formats';
 *
 * const bytes = writeSafetensors(new Map([['bias', { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) }]])); // or a file's
 * for (const [name, { dtype, shape }] of readCheckpoint(bytes)) console.log(name, dtype, shape); // bias F32 [ 2 ]
 * ```
 */
export function readCheckpoint(bytes: Uint8Array, options: ReadCheckpointOptions = {}): CheckpointTensors {
  const { limits } = parseOptions('readCheckpoint', readCheckpointOptions, options);
  checkBytes('readCheckpoint', bytes);
  if (isSafetensors(bytes)) {
    const { tensors } = readSafetensors(bytes, { limits: among(limits, SAFETENSORS_LIMITS) });
    return withStructure(new Map(tensors), { containers: new Map(), leftAside: new Map() });
  }
  if (bytes[0] === 0x80 || (bytes[0] === 0x50 && bytes[1] === 0x4b) || isTar(bytes))
    return readPyTorchCheckpoint(bytes, { limits: among(limits, PYTORCH_LIMITS) });
  throw new NetSpaceError(
    'UNSUPPORTED',
    `readCheckpoint: expected safetensors or a PyTorch checkpoint, got ${whatIs(bytes)}; save the weights as safetensors`,
  );
}

/** The limits that a reader knows. */
const among = <L extends object>(limits: L, known: Readonly<Partial<L>>): Partial<L> =>
  Object.fromEntries(Object.entries(limits).filter(([key]) => key in known)) as Partial<L>;

/** A length of a header that fits the file, then an object. No pickle, zip or tar archive begins like this. */
function isSafetensors(bytes: Uint8Array): boolean {
  if (bytes.byteLength < 10) return false;
  const headerBytes = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  return (headerBytes > 1n && headerBytes <= BigInt(bytes.byteLength - 8)) || /^\s*\{"/.test(String.fromCharCode(...bytes.subarray(8, 32)));
}
