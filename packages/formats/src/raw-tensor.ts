import { NetSpaceError } from '@netspace/prep';
import { decodeBfloat16, decodeFloat16 } from './half.js';

/**
 * The array that holds each data type; half floats as their bits, booleans as 0 and 1, complex numbers as real and imaginary part in turn,
 * numbers of 8 bits and less as their bytes.
 */
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
  readonly U16: Uint16Array;
  readonly U32: Uint32Array;
  readonly U64: BigUint64Array;
  readonly C64: Float32Array;
  readonly F8_E4M3: Uint8Array;
  readonly F8_E5M2: Uint8Array;
  readonly F8_E8M0: Uint8Array;
  readonly F8_E4M3FNUZ: Uint8Array;
  readonly F8_E5M2FNUZ: Uint8Array;
  readonly F6_E2M3: Uint8Array;
  readonly F6_E3M2: Uint8Array;
  readonly F4: Uint8Array;
}

/** Names of the data types, as safetensors writes them. */
export type RawTensorDtype = keyof RawTensorData;

/** A tensor as a file holds it: PyTorch's axis order, row-major, no backend. A scalar has shape `[]`. */
export type RawTensor = {
  [Dtype in RawTensorDtype]: { readonly dtype: Dtype; readonly shape: readonly number[]; readonly data: RawTensorData[Dtype] };
}[RawTensorDtype];

/** Bytes per element; a fraction if several elements share a byte. */
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
  U16: 2,
  U32: 4,
  U64: 8,
  C64: 8,
  F8_E4M3: 1,
  F8_E5M2: 1,
  F8_E8M0: 1,
  F8_E4M3FNUZ: 1,
  F8_E5M2FNUZ: 1,
  F6_E2M3: 0.75,
  F6_E3M2: 0.75,
  F4: 0.5,
};

export const isRawTensorDtype = (name: string): name is RawTensorDtype => Object.hasOwn(ITEM_SIZE, name);

/** Wraps a whole, aligned, little-endian buffer; `buffer.byteLength` must be the shape's size times the item size. */
export function rawTensorFromBuffer(dtype: RawTensorDtype, shape: readonly number[], buffer: ArrayBuffer): RawTensor {
  switch (dtype) {
    case 'F32':
    case 'C64':
      return { dtype, shape, data: new Float32Array(buffer) };
    case 'F16':
    case 'BF16':
    case 'U16':
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
    case 'U32':
      return { dtype, shape, data: new Uint32Array(buffer) };
    case 'U64':
      return { dtype, shape, data: new BigUint64Array(buffer) };
    default:
      return { dtype, shape, data: new Uint8Array(buffer) };
  }
}

/**
 * A copy of a raw tensor's values as single-precision numbers; other types are rounded to the nearest.
 *
 * @returns as many numbers as the shape has places, row-major
 * @throws NetSpaceError `UNSUPPORTED` for complex numbers, and for floating-point numbers of 8 bits and less
 * @example
 * ```ts
 * import { rawToFloat32 } from '@netspace/formats';
 *
 * const half = { dtype: 'F16', shape: [2], data: Uint16Array.of(0x3c00, 0xc000) } as const;
 * console.log(rawToFloat32(half)); // Float32Array(2) [ 1, -2 ]
 * ```
 */
export function rawToFloat32(raw: RawTensor): Float32Array {
  switch (raw.dtype) {
    case 'F16':
      return Float32Array.from(raw.data, decodeFloat16);
    case 'BF16':
      return decodeBfloat16(raw.data);
    case 'I64':
    case 'U64':
      return Float32Array.from(raw.data, Number);
    case 'F32':
    case 'F64':
    case 'I32':
    case 'I16':
    case 'I8':
    case 'U32':
    case 'U16':
    case 'U8':
    case 'BOOL':
      return Float32Array.from(raw.data);
    default:
      throw new NetSpaceError(
        'UNSUPPORTED',
        `rawToFloat32: expected real numbers of at least 16 bits, or integers, got ${raw.dtype}; convert the tensor in Python first`,
      );
  }
}

/** The number of places of a shape; `undefined` if a side is not a size, or the product of sides is not a safe integer. */
export function checkedSize(shape: readonly unknown[]): number | undefined {
  if (!shape.every(isSize)) return undefined;
  if (shape.includes(0)) return 0;
  const size = shape.reduce((product, side) => product * side, 1);
  return Number.isSafeInteger(size) ? size : undefined;
}

const isSize = (side: unknown): side is number => Number.isSafeInteger(side) && (side as number) >= 0;

/** Checks that a raw tensor's data has as many entries as its shape has places. */
export function checkRawTensor(caller: string, name: string, { dtype, shape, data }: RawTensor): void {
  const size = checkedSize(shape);
  const length = data.byteLength / ITEM_SIZE[dtype];
  if (size !== length) {
    throw new NetSpaceError(
      'SHAPE_MISMATCH',
      `${caller}: expected ${size ?? 'a number of'} values in ${name} of shape [${shape}], got ${length}; correct one of them`,
    );
  }
}
