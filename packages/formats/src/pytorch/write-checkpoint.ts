import { NetSpaceError } from '@netspace/prep';
import { joinBytes, show } from '@netspace/prep/internal';
import { zipSync } from 'fflate';

import { checkRawTensor, type RawTensor, type RawTensorDtype } from '../raw-tensor.js';

/** PyTorch's classes of storages. */
const STORAGES: Partial<Readonly<Record<RawTensorDtype, string>>> = {
  ...{ F32: 'FloatStorage', F64: 'DoubleStorage', F16: 'HalfStorage', BF16: 'BFloat16Storage', BOOL: 'BoolStorage' },
  ...{ I64: 'LongStorage', I32: 'IntStorage', I16: 'ShortStorage', I8: 'CharStorage', U8: 'ByteStorage' },
};

/**
 * A file as `torch.save` writes a state dict: `torch.load` reads it with its default `weights_only=True`.
 *
 * @param tensors by name, in the order of the state dict
 * @returns the bytes of a `.pt` file
 * @throws NetSpaceError `SHAPE_MISMATCH` if a tensor's data does not fit its shape, `UNSUPPORTED` for a type that PyTorch's older files do not
 *   have
 * @example
 * ```ts
 * import { readPyTorchCheckpoint, writePyTorchCheckpoint } from '@netspace/formats';
 *
 * const bytes = writePyTorchCheckpoint(new Map([['fc.bias', { dtype: 'F32', shape: [2], data: Float32Array.of(1, 2) }]]));
 * console.log(readPyTorchCheckpoint(bytes).get('fc.bias')?.data); // Float32Array(2) [ 1, 2 ]
 * ```
 */
export function writePyTorchCheckpoint(tensors: ReadonlyMap<string, RawTensor>): Uint8Array {
  const pickle: Uint8Array[] = [bytes(0x80, 2), global('collections', 'OrderedDict'), text(')R(')];
  const files: Record<string, Uint8Array> = {};
  let key = 0;
  for (const [name, tensor] of tensors) {
    checkRawTensor('writePyTorchCheckpoint', name, tensor);
    const storage = STORAGES[tensor.dtype];
    if (storage === undefined) {
      throw new NetSpaceError(
        'UNSUPPORTED',
        `writePyTorchCheckpoint: expected ${show(name)} of a type of PyTorch, got ${tensor.dtype}; write it as safetensors`,
      );
    }
    const { shape, data } = tensor;
    const place = String(key++);
    files[`archive/data/${place}`] = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, side) => product * side, 1));
    pickle.push(
      ...[unicode(name), global('torch._utils', '_rebuild_tensor_v2'), text('(('), unicode('storage'), global('torch', storage)],
      ...[unicode(place), unicode('cpu'), integer(data.length), text('tQ'), integer(0), tuple(shape), tuple(strides)],
      ...[bytes(0x89), global('collections', 'OrderedDict'), text(')RtR')], // no gradient, no hooks
    );
  }
  pickle.push(text('u.'));
  return zipSync(
    {
      'archive/data.pkl': joinBytes(pickle),
      'archive/byteorder': text('little'),
      ...files,
      'archive/version': text('3\n'),
    },
    { level: 0 },
  );
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const global = (module: string, name: string): Uint8Array => text(`c${module}\n${name}\n`);

/** `BINUNICODE` */
function unicode(value: string): Uint8Array {
  const content = text(value);
  return joinBytes([bytes(0x58), littleEndian(content.length, 4), content]);
}

/** `BININT` up to 31 bits, `LONG1` of 8 bytes beyond. */
const integer = (value: number): Uint8Array =>
  value < 2 ** 31 ? joinBytes([bytes(0x4a), littleEndian(value, 4)]) : joinBytes([bytes(0x8a, 8), littleEndian(value, 8)]);

const tuple = (values: readonly number[]): Uint8Array => joinBytes([text('('), ...values.map(integer), text('t')]);

function littleEndian(value: number, size: number): Uint8Array {
  const result = new Uint8Array(8);
  new DataView(result.buffer).setBigUint64(0, BigInt(value), true);
  return result.slice(0, size);
}
