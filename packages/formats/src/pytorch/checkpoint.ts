import { runPickle } from './pickle.js';
import { isKind } from './pickle-globals.js';
import type { PickleTensor, PickleValue } from './pickle-values.js';
import { corruptArchive, limitExceeded, openPyTorchArchive, PYTORCH_LIMITS, type PyTorchArchive, type PyTorchLimits } from './archive.js';
import { checkedSize, ITEM_SIZE, rawTensorFromBuffer, type RawTensor } from '../raw-tensor.js';
import { copyStrided, viewEnd } from './strided-copy.js';
import { NetSpaceError } from '@netspace/prep';

export interface ReadPyTorchCheckpointOptions {
  /** Raise or lower single limits; the defaults are {@link PYTORCH_LIMITS}. */
  readonly limits?: Partial<PyTorchLimits>;
}

/**
 * Reads the tensors of a file that PyTorch's `torch.save` wrote; safe on untrusted bytes, as it runs no code.
 *
 * Reads state dicts, tensors, and dicts and lists of them; names within are joined by dots (`model.conv1.weight`), a list's
 * entries are numbered, a lone tensor is called `tensor`. Numbers, text and `None` beside the tensors are skipped. Views
 * (transposed, sliced, expanded) come out row-major. Everything is checked against limits before it is inflated or allocated.
 *
 * @returns in the file's order
 * @throws NetSpaceError `CORRUPT_FILE` if the bytes are no checkpoint, `UNSUPPORTED` if it holds code (a whole module) or
 *   was written before PyTorch 1.6, `LIMIT_EXCEEDED` beyond a limit
 */
export function readPyTorchCheckpoint(bytes: Uint8Array, { limits }: ReadPyTorchCheckpointOptions = {}): ReadonlyMap<string, RawTensor> {
  const allowed = { ...PYTORCH_LIMITS, ...limits };
  const archive = openPyTorchArchive(bytes, allowed);
  const pickleBytes = archive.sizeOf('data.pkl') ?? 0;
  if (pickleBytes > allowed.pickleBytes) throw limitExceeded('pickleBytes', allowed.pickleBytes, pickleBytes);
  checkByteOrder(archive);

  const found = collectTensors(runPickle(archive.read(['data.pkl']).get('data.pkl')!), allowed);
  checkTensors(found, archive, allowed);
  const files = archive.read([...new Set([...found.values()].map(storageFile))]);
  return new Map(
    [...found].map(([name, tensor]): [string, RawTensor] => {
      const { dtype } = tensor.storage;
      return [name, rawTensorFromBuffer(dtype, tensor.shape, copyStrided(files.get(storageFile(tensor))!, tensor, ITEM_SIZE[dtype]))];
    }),
  );
}

const storageFile = ({ storage }: PickleTensor): string => `data/${storage.key}`;

function checkByteOrder(archive: PyTorchArchive): void {
  const size = archive.sizeOf('byteorder');
  if (size === undefined) return; // before PyTorch 2.1; little endian but for exotic machines
  const order = size > 16 ? 'another' : new TextDecoder().decode(archive.read(['byteorder']).get('byteorder'));
  if (order !== 'little')
    throw new NetSpaceError('UNSUPPORTED', `readPyTorchCheckpoint: expected little-endian data, got ${order}; save it on another machine`);
}

/** Walks dicts, lists and tuples. The values limit also ends what a pickle can make by sharing: cycles and exponential trees. */
function collectTensors(root: PickleValue, limits: PyTorchLimits): ReadonlyMap<string, PickleTensor> {
  const found = new Map<string, PickleTensor>();
  let values = 0;
  const visit = (value: PickleValue, path: readonly (string | number)[]): void => {
    if (++values > limits.values) throw limitExceeded('values', limits.values, values);
    if (path.length > limits.depth) throw limitExceeded('depth', limits.depth, path.length);
    if (isKind(value, 'tensor')) {
      const name = path.length === 0 ? 'tensor' : path.join('.');
      if (found.has(name)) throw corruptArchive(`expected one tensor named ${name}, got two`);
      if (found.size === limits.tensors) throw limitExceeded('tensors', limits.tensors, found.size + 1);
      found.set(name, value);
    } else if (isKind(value, 'dict')) {
      for (const [key, item] of value.entries) visit(item, [...path, key]);
    } else if (isKind(value, 'list') || isKind(value, 'tuple')) {
      value.items.forEach((item, i) => visit(item, [...path, i]));
    }
  };
  visit(root, []);
  return found;
}

/** Checks every tensor against its storage's size in the archive's directory, before any storage is inflated. */
function checkTensors(tensors: ReadonlyMap<string, PickleTensor>, archive: PyTorchArchive, limits: PyTorchLimits): void {
  let total = 0;
  for (const [name, tensor] of tensors) {
    const { storage, shape, strides, offset } = tensor;
    if (shape.length > limits.rank) throw limitExceeded('rank', limits.rank, shape.length);
    const size = checkedSize(shape);
    if (
      size === undefined ||
      strides.length !== shape.length ||
      checkedSize([offset]) === undefined ||
      strides.some((s) => checkedSize([s]) === undefined)
    ) {
      throw corruptArchive(`expected sizes and strides for ${name}, got [${shape}] and [${strides}] at ${offset}`);
    }
    const bytes = archive.sizeOf(storageFile(tensor));
    if (bytes !== storage.length * ITEM_SIZE[storage.dtype]) {
      throw corruptArchive(
        `expected ${storage.length} ${storage.dtype} values for ${name} in ${storageFile(tensor)}, got ${bytes ?? 'no such file, or 0'} bytes`,
      );
    }
    const end = viewEnd(tensor);
    if (!(end <= storage.length)) throw corruptArchive(`expected ${name} within the ${storage.length} values of its storage, got ${end}`);
    total += size * ITEM_SIZE[storage.dtype];
    if (total > limits.dataBytes) throw limitExceeded('dataBytes', limits.dataBytes, total);
  }
}
