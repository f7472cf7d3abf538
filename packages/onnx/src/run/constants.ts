import { type RawTensor, rawToFloat32 } from '@netspace/formats';

import { host, type Host, type Kind } from './value.js';

const INTEGERS: ReadonlySet<string> = new Set(['I64', 'U64', 'I32', 'U32', 'I16', 'U16', 'I8', 'U8']);

/** A tensor of a file as a value that is known. */
export function hostOfRaw(raw: RawTensor): Host {
  const kind: Kind = raw.dtype === 'BOOL' ? 'bool' : INTEGERS.has(raw.dtype) ? 'int32' : 'float32';
  if (raw.dtype === 'I64' || raw.dtype === 'U64') return host(kind, raw.shape, Float64Array.from(raw.data, Number));
  if (raw.dtype === 'F16' || raw.dtype === 'BF16') return host(kind, raw.shape, rawToFloat32(raw));
  return host(kind, raw.shape, raw.data as ArrayLike<number>);
}
