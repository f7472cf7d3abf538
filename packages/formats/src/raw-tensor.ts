import { NetSpaceError } from '@netspace/prep';
import { decodeBfloat16, decodeFloat16 } from './half.js';

/** The array that holds each data type; half floats as their bits, booleans as 0 and 1. */
export interface RawTensorData {
  readonly F32: Float32Array;
  readonly F16: Uint16Array;
  readonly BF16: Uint16Array;
  readonly F64: Float64Array;
  readonly I64: BigInt64Array;
  readonly I32: Int32Array;
  readonly I16: Int16Array;
  readonly I8: Int8Array;
  readonly U8: Uint8Array;
  readonly BOOL: Uint8Array;
}

export type RawTensorDtype = keyof RawTensorData;

/** A tensor as a file holds it: PyTorch's axis order, row-major, no backend. A scalar has shape `[]`. */
export type RawTensor = {
  [Dtype in RawTensorDtype]: { readonly dtype: Dtype; readonly shape: readonly number[]; readonly data: RawTensorData[Dtype] };
}[RawTensorDtype];

/** Bytes per element. */
export const ITEM_SIZE: Readonly<Record<RawTensorDtype, number>> = {
  F32: 4,
  F16: 2,
  BF16: 2,
  F64: 8,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};

export const isRawTensorDtype = (name: string): name is RawTensorDtype => Object.hasOwn(ITEM_SIZE, name);

/** Wraps a whole, aligned, little-endian buffer; `buffer.byteLength` must be the shape's size times the item size. */
export function rawTensorFromBuffer(dtype: RawTensorDtype, shape: readonly number[], buffer: ArrayBuffer): RawTensor {
  switch (dtype) {
    case 'F32':
      return { dtype, shape, data: new Float32Array(buffer) };
    case 'F16':
    case 'BF16':
      return { dtype, shape, data: new Uint16Array(buffer) };
    case 'F64':
      return { dtype, shape, data: new Float64Array(buffer) };
    case 'I64':
      return { dtype, shape, data: new BigInt64Array(buffer) };
    case 'I32':
      return { dtype, shape, data: new Int32Array(buffer) };
    case 'I16':
      return { dtype, shape, data: new Int16Array(buffer) };
    case 'I8':
      return { dtype, shape, data: new Int8Array(buffer) };
    case 'U8':
    case 'BOOL':
      return { dtype, shape, data: new Uint8Array(buffer) };
  }
}

/**
 * A copy of a raw tensor's values as single-precision numbers; other types are rounded to the nearest.
 *
 * @returns as many numbers as the shape has places, row-major
 */
export function rawToFloat32(raw: RawTensor): Float32Array {
  switch (raw.dtype) {
    case 'F16':
      return Float32Array.from(raw.data, decodeFloat16);
    case 'BF16':
      return decodeBfloat16(raw.data);
    case 'I64':
      return Float32Array.from(raw.data, Number);
    default:
      return Float32Array.from(raw.data);
  }
}

/** The number of places of a shape; `undefined` if a side is not a size, or the product of sides is not a safe integer. */
export function checkedSize(shape: readonly unknown[]): number | undefined {
  let size = 1;
  for (const side of shape) {
    if (typeof side !== 'number' || !Number.isSafeInteger(side) || side < 0) return undefined;
    size *= side;
    if (!Number.isSafeInteger(size)) return undefined;
  }
  return size;
}

/** Checks that a raw tensor's data has as many entries as its shape has places. */
export function checkRawTensor(caller: string, name: string, { shape, data }: RawTensor): void {
  const size = checkedSize(shape);
  if (size !== data.length) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `${caller}: expected ${size ?? 'a number of'} values in ${name} of shape [${shape}], got ${data.length}; correct one of them`,
    );
  }
}
