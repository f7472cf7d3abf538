import type { StorageDtype } from '../pickle/pickle-values.js';
import { ITEM_SIZE, type RawTensorDtype } from '../../raw-tensor.js';

const unreadable = (name: string, itemSize: number): StorageDtype => ({ unreadable: name, itemSize });

const STORAGES: Readonly<Record<string, StorageDtype>> = {
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  DoubleStorage: 'F64',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
  ComplexFloatStorage: 'C64',
  ComplexDoubleStorage: unreadable('complex128', 16),
  QInt8Storage: 'I8',
  QUInt8Storage: 'U8',
  QInt32Storage: 'I32',
  QUInt4x2Storage: unreadable('quint4x2', 1),
  QUInt2x4Storage: unreadable('quint2x4', 1),
  UntypedStorage: 'U8',
};

const DTYPES: Readonly<Record<string, StorageDtype>> = {
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
  float64: 'F64',
  int64: 'I64',
  int32: 'I32',
  int16: 'I16',
  int8: 'I8',
  uint8: 'U8',
  uint16: 'U16',
  uint32: 'U32',
  uint64: 'U64',
  bool: 'BOOL',
  complex32: unreadable('complex32', 4),
  complex64: 'C64',
  complex128: unreadable('complex128', 16),
  float8_e4m3fn: 'F8_E4M3',
  float8_e5m2: 'F8_E5M2',
  float8_e8m0fnu: 'F8_E8M0',
  float8_e4m3fnuz: 'F8_E4M3FNUZ',
  float8_e5m2fnuz: 'F8_E5M2FNUZ',
};

const own = <Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** The data type of a storage class, such as `torch.FloatStorage`. */
export const storageDtype = (global: string): StorageDtype | undefined => own(STORAGES, global.replace(/^torch\.(cuda\.|storage\.)?/, ''));

/** The data type that a `torch.dtype` names, such as `torch.uint16`; one that is not known here cannot be read. */
export const namedDtype = (global: string): StorageDtype => {
  const name = global.replace(/^torch\./, '');
  return own(DTYPES, name) ?? unreadable(name, 1);
};

/** Bytes per element. */
export const itemSize = (dtype: StorageDtype): number => (typeof dtype === 'string' ? ITEM_SIZE[dtype] : dtype.itemSize);

export const isReadable = (dtype: StorageDtype): dtype is RawTensorDtype => typeof dtype === 'string';
