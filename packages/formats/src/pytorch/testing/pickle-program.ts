import { strToU8 } from 'fflate';

/** The bytes of text with latin-1 escapes. */
export const latin = (text: string): Uint8Array => strToU8(text, true);
const bytesText = (array: ArrayBufferView<ArrayBuffer>): string => String.fromCharCode(...new Uint8Array(array.buffer));

/** Numbers as they lie in a file. */
export const int32s = (...values: readonly number[]): string => bytesText(Int32Array.from(values));
export const int64s = (...values: readonly number[]): string => bytesText(BigInt64Array.from(values, BigInt));
export const floats = (...values: readonly number[]): string => bytesText(Float32Array.from(values));

/** Instructions that push text, an integer, a class or a function, a tuple. */
export const text = (value: string): string => `X${int32s(value.length)}${value}`;
export const integer = (value: number): string => `J${int32s(value)}`;
export const global = (module: string, name: string): string => `c${module}\n${name}\n`;
export const tuple = (...items: readonly string[]): string => `(${items.join('')}t`;
export const call = (callable: string, ...args: readonly string[]): string => `${callable}${tuple(...args)}R`;

/** The persistent id of a storage, by default of two float32 under the key 0. */
export const storageId = ({ type = global('torch', 'FloatStorage'), key = text('0'), length = integer(2), view = '' } = {}): string =>
  `${tuple(text('storage'), type, key, text('cpu'), length, view)}Q`;

/** A tensor as `torch.save` describes it, by default of both numbers of {@link storageId}. */
export const tensor = ({
  storage = storageId(),
  offset = integer(0),
  shape = tuple(integer(2)),
  strides = tuple(integer(1)),
} = {}): string => call(global('torch._utils', '_rebuild_tensor_v2'), storage, offset, shape, strides, '\x89', 'N');
