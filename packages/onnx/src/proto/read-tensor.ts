import type { RawTensor, RawTensorDtype } from '@netspace/formats';
import { checkedSize, ITEM_SIZE, rawTensorFromBuffer } from '@netspace/formats/internal';
import { NetSpaceError } from '@netspace/prep';

import { brief, type Budget, corruptFile } from '../limits.js';
import { readFields } from './fields.js';
import type { TensorProto } from './messages.js';
import { LEFT_OUT } from './write.js';

/** `TensorProto.DataType`, by number. */
export const TENSOR_TYPES: readonly string[] = [
  ...['UNDEFINED', 'FLOAT', 'UINT8', 'INT8', 'UINT16', 'INT16', 'INT32', 'INT64', 'STRING', 'BOOL', 'FLOAT16', 'DOUBLE'],
  ...['UINT32', 'UINT64', 'COMPLEX64', 'COMPLEX128', 'BFLOAT16'],
];

const RAW_TYPES: Readonly<Record<string, RawTensorDtype>> = {
  ...{ FLOAT: 'F32', DOUBLE: 'F64', FLOAT16: 'F16', BFLOAT16: 'BF16', BOOL: 'BOOL' },
  ...{ INT8: 'I8', INT16: 'I16', INT32: 'I32', INT64: 'I64', UINT8: 'U8', UINT16: 'U16', UINT32: 'U32', UINT64: 'U64' },
};

/** The bytes of tensors that lie in files of their own, by what `external_data` says of them. */
export type ExternalData = (place: { readonly location: string; readonly offset: number; readonly length: number }) => Uint8Array;

/**
 * Reads a `TensorProto`. Its numbers stay in the file until they are asked for.
 *
 * @throws NetSpaceError `CORRUPT_FILE` if it holds another number of values than its shape has places, `LIMIT_EXCEEDED` for too many,
 *   `UNSUPPORTED` for other types than real numbers, and for external data without a reader
 */
export function readTensor(bytes: Uint8Array, budget: Budget, external: ExternalData | undefined): TensorProto {
  const shape: number[] = [];
  let [name, code, location] = ['', 0, 0];
  let raw: Uint8Array | undefined;
  const listed: number[] = [];
  const place = new Map<string, string>();
  const add = (value: number): void => {
    budget('dataBytes', 8);
    listed.push(value);
  };
  readFields(bytes, 'a tensor', {
    1: (field) =>
      field.numbers((size) => {
        shape.push(size);
        budget('rank', shape.length);
      }),
    2: (field) => (code = field.number()),
    4: (field) => field.floats(add),
    5: (field) => field.numbers(add),
    7: (field) => field.numbers(add),
    8: (field) => (name = field.text()),
    9: (field) => (raw = field.bytes()),
    10: (field) => field.doubles(add),
    11: (field) => field.numbers(add),
    13: (field) => {
      const entry = { key: '', value: '' };
      readFields(field.bytes(), 'a place of external data', { 1: (f) => (entry.key = f.text()), 2: (f) => (entry.value = f.text()) });
      place.set(entry.key, entry.value);
    },
    14: (field) => (location = field.number()),
  });
  budget('tensors', 1);
  budget('nameCharacters', name.length);
  const type = TENSOR_TYPES[code] ?? `type ${code}`;
  const dtype = RAW_TYPES[type];
  const size = checkedSize(shape);
  if (size === undefined) throw corruptFile(`expected sizes in the shape of ${brief(name)}, got [${shape}]`);
  if (dtype === undefined) {
    throw new NetSpaceError('UNSUPPORTED', `architectureFromOnnx: expected real numbers in ${brief(name)}, got ${type}; convert the model to float32`); // prettier-ignore
  }
  if (location === 1 && place.get('location') === LEFT_OUT) return { name, type, shape, isLeftOut: true, read: () => leftOut(name) };
  if (location === 1) raw = externalBytes(name, place, size * ITEM_SIZE[dtype], external);
  const got = raw === undefined ? listed.length : raw.byteLength / ITEM_SIZE[dtype];
  if (got !== size) throw corruptFile(`expected ${size} values in ${brief(name)} of shape [${shape}], got ${got}`);
  if (raw !== undefined) budget('dataBytes', raw.byteLength);
  const source = raw;
  const read = (): RawTensor => {
    if (source !== undefined) return rawTensorFromBuffer(dtype, shape, new Uint8Array(source).buffer); // slice() of a Buffer copies nothing
    const empty = rawTensorFromBuffer(dtype, shape, new ArrayBuffer(size * ITEM_SIZE[dtype]));
    if (empty.dtype === 'I64' || empty.dtype === 'U64') listed.forEach((value, i) => (empty.data[i] = BigInt(value)));
    else listed.forEach((value, i) => ((empty.data as Float64Array)[i] = value));
    return empty;
  };
  return { name, type, shape, read };
}

/** A graph that is kept beside its networks has no weights of its own. */
function leftOut(name: string): never {
  throw new NetSpaceError('UNSUPPORTED', `architectureFromOnnx: expected the numbers of ${brief(name)}, got a graph without weights; pass the file of a network`); // prettier-ignore
}

function externalBytes(name: string, place: ReadonlyMap<string, string>, bytes: number, external: ExternalData | undefined): Uint8Array {
  const at = place.get('location') ?? '';
  if (external === undefined) {
    throw new NetSpaceError(
      'UNSUPPORTED',
      `architectureFromOnnx: expected the numbers of ${brief(name)} in the file, got a reference to ${brief(at)}; pass the option externalData, or save the model as one file (onnx.save_model(model, path, save_as_external_data=False))`,
    );
  }
  const [offset, length] = [Number(place.get('offset') ?? 0), Number(place.get('length') ?? bytes)];
  if (!Number.isSafeInteger(offset) || offset < 0 || length !== bytes) {
    throw corruptFile(`expected ${bytes} bytes of external data for ${brief(name)}, got offset ${offset}, length ${length}`);
  }
  const found = external({ location: at, offset, length });
  if (found.byteLength !== bytes) throw corruptFile(`expected ${bytes} bytes of ${brief(at)} for ${brief(name)}, got ${found.byteLength}`);
  return found;
}
