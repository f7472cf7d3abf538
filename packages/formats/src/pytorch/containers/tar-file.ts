import { brief, corruptFile, limitExceeded, operationBudget, type PyTorchLimits } from '../limits.js';
import { runPickle } from '../pickle/pickle.js';
import { pickleReader, type PickleReader } from '../pickle/pickle-reader.js';
import { isKind, type PickleStorage, type PickleValue } from '../pickle/pickle-values.js';
import type { PyTorchFile } from './opened-file.js';
import { itemSize, storageDtype } from '../tensors/storage-dtypes.js';

const BLOCK = 512;
const REGULAR = 0x30;

/** Whether a file is a tar archive as Python writes it. */
export const isTar = (bytes: Uint8Array): boolean => ascii(bytes.subarray(257, 262)) === 'ustar';

/**
 * A tar archive as PyTorch wrote it before 0.1.10: `storages`, `tensors` that view them, and a `pickle` that names tensors by number.
 *
 * @see torch/serialization.py, `legacy_load`
 */
export function readTarFile(bytes: Uint8Array, limits: PyTorchLimits): PyTorchFile {
  const files = tarEntries(bytes, limits);
  const file = (name: string): Uint8Array => {
    const content = files.get(name);
    if (content === undefined) throw corruptFile(`expected a file ${name} in the tar archive, got none`);
    return content;
  };
  const spend = operationBudget(bytes.byteLength, limits);
  const run = (reader: PickleReader, persistent: (id: PickleValue) => PickleValue = noIds) => runPickle(reader, persistent, limits, spend);
  const { storages, data } = readStorages(pickleReader(file('storages'), 'storages'), run);
  const tensors = readTensors(pickleReader(file('tensors'), 'tensors'), run, storages);
  const root = run(pickleReader(file('pickle'), 'pickle'), (id) => {
    if (isKind(id, 'tuple')) return id.items[0] ?? null; // a class with its source code
    const tensor = tensors.get(keyOf(id));
    if (tensor === undefined) throw corruptFile('expected the number of a tensor, got another');
    return tensor;
  });
  return { root, sizeOf: (key) => data.get(key)?.byteLength, read: (key) => data.get(key)! };
}

type Run = (reader: PickleReader, persistent?: (id: PickleValue) => PickleValue) => PickleValue;

const noIds = (): PickleValue => {
  throw corruptFile('expected plain data, got the number of a tensor');
};

function readStorages(reader: PickleReader, run: Run) {
  const storages = new Map<string, PickleStorage>();
  const data = new Map<string, Uint8Array>();
  for (let left = countOf(run(reader)); left > 0; left--) {
    const [id, , type] = tupleOf(run(reader));
    const dtype = isKind(type, 'global') ? storageDtype(type.name) : undefined;
    if (dtype === undefined) throw corruptFile('expected the class of a storage, got something else');
    const key = keyOf(id);
    const length = reader.uint64();
    data.set(key, reader.bytes(length * itemSize(dtype)));
    storages.set(key, { kind: 'storage', dtype, key, length, from: 0, size: length });
  }
  const views = run(reader);
  if (!isKind(views, 'list')) throw corruptFile('expected a list of views of storages, got something else');
  for (const view of views.items) {
    const [id, root, from, size] = tupleOf(view);
    const whole = storages.get(keyOf(root));
    if (whole === undefined || typeof from !== 'number' || typeof size !== 'number') throw corruptFile('expected a view of a storage');
    storages.set(keyOf(id), { ...whole, from: whole.from + from, size });
  }
  return { storages, data };
}

function readTensors(reader: PickleReader, run: Run, storages: ReadonlyMap<string, PickleStorage>): Map<string, PickleValue> {
  const tensors = new Map<string, PickleValue>();
  for (let left = countOf(run(reader)); left > 0; left--) {
    const [id, storageId] = tupleOf(run(reader));
    const rank = reader.int32();
    reader.int32(); // the rank has eight bytes, of which four count
    if (!(rank >= 0 && rank < 1000)) throw corruptFile(`expected the number of axes of a tensor, got ${rank}`);
    const numbers = () => Array.from({ length: rank }, () => reader.uint64());
    const [shape, strides, offset] = [numbers(), numbers(), reader.uint64()];
    const storage = storages.get(keyOf(storageId));
    if (storage === undefined) throw corruptFile(`expected the storage of tensor ${brief(keyOf(id))}, got none`);
    tensors.set(keyOf(id), {
      ...{ kind: 'tensor', storage, dtype: storage.dtype, shape, strides, offset },
      ...{ negated: false, conjugated: false },
    });
  }
  return tensors;
}

const countOf = (value: PickleValue): number => {
  if (typeof value !== 'number' || !(value >= 0)) throw corruptFile('expected a count, got something else');
  return value;
};

const tupleOf = (value: PickleValue): readonly PickleValue[] => {
  if (!isKind(value, 'tuple')) throw corruptFile('expected a tuple, got something else');
  return value.items;
};

/** Numbers of storages and tensors are addresses, as integers or as text. */
const keyOf = (id: PickleValue | undefined): string => {
  if (typeof id === 'number' || typeof id === 'bigint' || typeof id === 'string') return String(id);
  throw corruptFile('expected the number of a storage or a tensor, got something else');
};

/** The regular files. Other entries, such as the time stamps that Python 3 writes as entries of their own, do not concern weights. */
function tarEntries(bytes: Uint8Array, limits: PyTorchLimits): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (let [at, count] = [0, 1]; at + BLOCK <= bytes.length && bytes[at] !== 0; count++) {
    if (count > limits.entries) throw limitExceeded('entries', limits.entries, count);
    const header = bytes.subarray(at, at + BLOCK);
    const name = ascii(header.subarray(0, 100)).replace(/^\.\//, '');
    const size = octal(header.subarray(124, 136));
    if (octal(header.subarray(148, 156)) !== checksum(header))
      throw corruptFile(`expected the tar header of ${brief(name)}, got another checksum`);
    if (!(at + BLOCK + size <= bytes.length)) throw corruptFile(`expected ${brief(name)} within the tar archive, got its end`);
    if (header[156] === 0 || header[156] === REGULAR) {
      if (files.has(name)) throw corruptFile(`expected each file of the archive once, got ${brief(name)} twice`);
      files.set(name, bytes.subarray(at + BLOCK, at + BLOCK + size));
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

/** The sum of a header's bytes, those of the sum itself counted as spaces. */
const checksum = (header: Uint8Array): number => header.reduce((sum, byte, i) => sum + (i >= 148 && i < 156 ? 0x20 : byte), 0);

/** NaN if it is not a number. */
const octal = (field: Uint8Array): number => {
  const digits = ascii(field).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
};

const ascii = (bytes: Uint8Array): string => {
  const end = bytes.indexOf(0);
  return String.fromCharCode(...(end < 0 ? bytes : bytes.subarray(0, end)));
};
