import { NetSpaceError } from '@netspace/prep';
import { brief, corruptFile, operationBudget, type PyTorchLimits } from '../limits.js';
import { runPickle } from '../pickle/pickle.js';
import { persistentStorage } from '../pickle/pickle-globals.js';
import { pickleReader, type PickleReader } from '../pickle/pickle-reader.js';
import { isKind, type PickleValue } from '../pickle/pickle-values.js';
import type { PyTorchFile } from './opened-file.js';
import { itemSize } from '../tensors/storage-dtypes.js';

const MAGIC = 0x1950a86a20f9469cfc6cn;
const VERSION = 1001;

/**
 * A file as PyTorch 0.1.10 to 1.5 wrote it: pickles of a magic number, a version, the system, the object and the storages' keys, then
 * each storage as its length and its values.
 */
export function readLegacyFile(bytes: Uint8Array, limits: PyTorchLimits): PyTorchFile {
  const reader = pickleReader(bytes, 'the file');
  const spend = operationBudget(bytes.byteLength, limits);
  const itemSizes = new Map<string, number>();
  const persistent = (id: PickleValue): PickleValue => {
    const storage = persistentStorage(id);
    if (isKind(storage, 'storage')) itemSizes.set(storage.key, itemSize(storage.dtype));
    return storage;
  };
  const next = (): PickleValue => runPickle(reader, persistent, limits, spend);
  if (next() !== MAGIC) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      'readPyTorchCheckpoint: expected what torch.save wrote, got a plain pickle; load it in Python and save it with torch.save(model.state_dict(), path)',
    );
  }
  const version = next();
  if (version !== VERSION) throw corruptFile(`expected version ${VERSION}, got another`);
  next(); // sizes of C types on the machine that wrote it
  const root = next();
  const keys = next();
  if (!isKind(keys, 'list')) throw corruptFile("expected the list of the storages' keys, got something else");
  const storages = new Map(keys.items.map((key) => readStorage(reader, key, itemSizes)));
  return { root, sizeOf: (key) => storages.get(key)?.byteLength, read: (key) => storages.get(key)! };
}

function readStorage(reader: PickleReader, key: PickleValue, itemSizes: ReadonlyMap<string, number>): [string, Uint8Array] {
  const name = typeof key === 'string' || typeof key === 'number' ? String(key) : '';
  const size = itemSizes.get(name);
  if (size === undefined) throw corruptFile(`expected the key of a storage that a tensor uses, got ${brief(name)}`);
  return [name, reader.bytes(reader.uint64() * size)];
}
