import { checkBytes, type GivenBy, limitsOf, objectOf, parseOptions } from '@netspace/prep/internal';
import { withStructure, type CheckpointTensors } from '../checkpoint-tensors.js';
import { checkedSize, ITEM_SIZE, rawTensorFromBuffer, type RawTensor } from '../raw-tensor.js';
import { collectTensors, type Collected } from './tensors/collect-tensors.js';
import { brief, byteBudget, corruptFile, limitExceeded, PYTORCH_LIMITS, type PyTorchLimits } from './limits.js';
import type { PickleStorage, PickleTensor } from './pickle/pickle-values.js';
import type { PyTorchFile } from './containers/opened-file.js';
import { openPyTorchFile } from './containers/pytorch-file.js';
import { isReadable, itemSize } from './tensors/storage-dtypes.js';
import { copyStrided, viewEnd } from './tensors/strided-copy.js';
import { storedValues } from './tensors/stored-values.js';

/** See {@link ReadPyTorchCheckpointOptions}. */
export const readPyTorchCheckpointOptions = objectOf({
  /** Raise or lower single limits; the defaults are {@link PYTORCH_LIMITS}. */
  limits: limitsOf(PYTORCH_LIMITS),
});

/** Options of {@link readPyTorchCheckpoint}. */
export interface ReadPyTorchCheckpointOptions extends GivenBy<typeof readPyTorchCheckpointOptions> {}

/**
 * Reads the tensors of a file that PyTorch's `torch.save` wrote, in any of its formats; safe on untrusted bytes, as it runs no code.
 *
 * Reads state dicts, tensors, whole modules, and dicts and lists of them; names within are joined by dots (`model.conv1.weight`), a
 * list's entries are numbered, a single tensor is called `tensor`. Everything but the tensors is skipped. Views (transposed, sliced,
 * expanded, lazily negated or conjugated) come out row-major and resolved, quantized tensors as their values. Sparse tensors, meta tensors
 * and NumPy arrays are not read; `leftAside` names them. Tensors that view the same numbers share one array.
 *
 * @param bytes the whole file
 * @returns tensors by name, in the file's order
 * @throws NetSpaceError `CORRUPT_FILE` if the bytes are no checkpoint, `UNSUPPORTED` if it holds code and no tensors, `LIMIT_EXCEEDED`
 *   beyond one of {@link PYTORCH_LIMITS}
 * @example
 * ```ts
 * import { readPyTorchCheckpoint } from '@netspace/formats';
 *
 * const describe = (bytes: Uint8Array) =>
 *   [...readPyTorchCheckpoint(bytes)].map(([name, { dtype, shape }]) => `${name}: ${dtype} [${shape}]`);
 * ```
 * @see https://docs.pytorch.org/docs/stable/notes/serialization.html
 */
export function readPyTorchCheckpoint(bytes: Uint8Array, options: ReadPyTorchCheckpointOptions = {}): CheckpointTensors {
  checkBytes('readPyTorchCheckpoint', bytes);
  const { limits: allowed } = parseOptions('readPyTorchCheckpoint', readPyTorchCheckpointOptions, options);
  const file = openPyTorchFile(bytes, allowed);
  const { tensors: found, containers, leftAside } = splitUnreadable(collectTensors(file.root, allowed));
  checkTensors(found, file, bytes.byteLength, allowed);
  const storages = new Map<string, Uint8Array>();
  const views = new Map<string, RawTensor>();
  const tensors = new Map<string, RawTensor>();
  for (const [name, tensor] of found) {
    const id = viewId(tensor);
    const raw = views.get(id) ?? readView(tensor, storageBytes(tensor.storage, file, storages));
    views.set(id, raw);
    tensors.set(name, raw);
  }
  return withStructure(tensors, { containers, leftAside });
}

/** Names tensors whose data type has no place in a {@link RawTensor}. */
function splitUnreadable({ tensors, containers, leftAside }: Collected): Collected {
  const readable = new Map<string, PickleTensor>();
  const aside = new Map(leftAside);
  for (const [name, tensor] of tensors) {
    if (isReadable(tensor.dtype)) readable.set(name, tensor);
    else aside.set(name, `a tensor of ${brief(tensor.dtype.unreadable)}`);
  }
  return { tensors: readable, containers, leftAside: aside };
}

/** Checks every tensor against the size of its storage in the file, before any storage is inflated. */
function checkTensors(tensors: ReadonlyMap<string, PickleTensor>, file: PyTorchFile, fileBytes: number, limits: PyTorchLimits): void {
  const spend = byteBudget(fileBytes, limits);
  const seen = new Set<string>();
  for (const [longName, tensor] of tensors) {
    const name = brief(longName);
    const { storage, shape, strides, offset } = tensor;
    if (shape.length > limits.rank) throw limitExceeded('rank', limits.rank, shape.length);
    const size = checkedSize(shape);
    if (size === undefined || strides.length !== shape.length || ![...strides, offset].every(isSize)) {
      throw corruptFile(`expected sizes and strides for ${name}, got [${shape}] and [${strides.slice(0, 16)}] at ${offset}`);
    }
    const bytes = file.sizeOf(storage.key);
    const width = itemSize(storage.dtype);
    if (bytes !== storage.length * width && !(bytes === undefined && storage.length === 0)) {
      throw corruptFile(
        `expected ${storage.length} ${isReadable(tensor.dtype) ? tensor.dtype : 'other'} values for ${name} in data/${brief(storage.key)}, got ${bytes ?? 'no such file, or 0'} bytes`,
      );
    }
    if (!(isSize(storage.from) && isSize(storage.size) && storage.from + storage.size <= storage.length)) {
      throw corruptFile(`expected a piece of a storage of ${storage.length} values for ${name}, got ${storage.size} from ${storage.from}`);
    }
    const end = viewEnd(tensor);
    if (!(end <= storage.size)) throw corruptFile(`expected ${name} within the ${storage.size} values of its storage, got ${end}`);
    const id = viewId(tensor);
    if (!seen.has(id)) spend(size * width * (tensor.quantized === undefined ? 1 : 4 / width));
    seen.add(id);
    if (!seen.has(`storage ${storage.key}`)) spend(bytes ?? 0);
    seen.add(`storage ${storage.key}`);
  }
}

const isSize = (value: number): boolean => checkedSize([value]) !== undefined;

/** Equal for tensors that show the same numbers. */
const viewId = ({ storage, dtype, offset, shape, strides, negated, conjugated, quantized }: PickleTensor): string =>
  JSON.stringify([storage.key, storage.from, dtype, offset, shape, strides, negated, conjugated, quantized]);

function storageBytes({ key, from, dtype }: PickleStorage, file: PyTorchFile, read: Map<string, Uint8Array>): Uint8Array {
  const bytes = read.get(key) ?? (file.sizeOf(key) === undefined ? new Uint8Array() : file.read(key));
  read.set(key, bytes);
  return bytes.subarray(from * itemSize(dtype));
}

function readView(tensor: PickleTensor, storage: Uint8Array): RawTensor {
  const { dtype, shape } = tensor;
  if (!isReadable(dtype)) throw corruptFile(`expected a data type that can be read, got ${dtype.unreadable}`);
  return storedValues(tensor, rawTensorFromBuffer(dtype, shape, copyStrided(storage, tensor, ITEM_SIZE[dtype])));
}
