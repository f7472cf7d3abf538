import { NetSpaceError } from '@netspace/prep';
import { whatIs } from '../../what-is.js';
import { readLegacyFile } from './legacy-file.js';
import { corruptFile, limitExceeded, operationBudget, type PyTorchLimits } from '../limits.js';
import { runPickle } from '../pickle/pickle.js';
import { persistentStorage } from '../pickle/pickle-globals.js';
import { pickleReader } from '../pickle/pickle-reader.js';
import { isTar, readTarFile } from './tar-file.js';
import type { PyTorchFile } from './opened-file.js';
import { openZipArchive, type PyTorchArchive } from './zip-archive.js';

/** Opens a file of `torch.save`: the zip archives since 1.6, the pickles in a row before, the tar archives before 0.1.10. */
export function openPyTorchFile(bytes: Uint8Array, limits: PyTorchLimits): PyTorchFile {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return readZipFile(openZipArchive(bytes, limits), limits, bytes.byteLength);
  if (isTar(bytes)) return readTarFile(bytes, limits);
  if (bytes[0] === 0x80) return readLegacyFile(bytes, limits);
  throw corruptFile(`expected what torch.save wrote, got ${whatIs(bytes)}`);
}

function readZipFile(archive: PyTorchArchive, limits: PyTorchLimits, fileBytes: number): PyTorchFile {
  const pickleBytes = archive.sizeOf('data.pkl')!;
  if (pickleBytes > limits.pickleBytes) throw limitExceeded('pickleBytes', limits.pickleBytes, pickleBytes);
  checkByteOrder(archive);
  return {
    root: runPickle(pickleReader(archive.read('data.pkl')), persistentStorage, limits, operationBudget(fileBytes, limits)),
    sizeOf: (key) => archive.sizeOf(`data/${key}`),
    read: (key) => archive.read(`data/${key}`),
  };
}

function checkByteOrder(archive: PyTorchArchive): void {
  const size = archive.sizeOf('byteorder');
  if (size === undefined) return; // before PyTorch 2.1; little endian except on rare machines
  const order = size > 16 ? 'another' : new TextDecoder().decode(archive.read('byteorder'));
  if (order !== 'little')
    throw new NetSpaceError('UNSUPPORTED', `readPyTorchCheckpoint: expected little-endian data, got ${order}; save it on another machine`);
}
