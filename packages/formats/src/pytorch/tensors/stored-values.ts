import type { PickleTensor } from '../pickle/pickle-values.js';
import { rawToFloat32, type RawTensor } from '../../raw-tensor.js';

/** What a tensor means, of what is stored: lazily negated and conjugated views, and quantized values as numbers. */
export function storedValues({ negated, conjugated, quantized }: PickleTensor, stored: RawTensor): RawTensor {
  if (quantized !== undefined) {
    const { scale, zeroPoint } = quantized;
    return { dtype: 'F32', shape: stored.shape, data: rawToFloat32(stored).map((value) => (value - zeroPoint) * scale) };
  }
  if (conjugated && stored.dtype === 'C64') {
    for (let i = 1; i < stored.data.length; i += 2) stored.data[i] = -stored.data[i]!;
  }
  return negated ? negate(stored) : stored;
}

/** The sign bit of floating point, the opposite of integers; nothing else has a negative view. */
function negate(raw: RawTensor): RawTensor {
  switch (raw.dtype) {
    case 'F32':
    case 'F64':
    case 'C64':
    case 'I32':
    case 'I16':
    case 'I8':
      for (let i = 0; i < raw.data.length; i++) raw.data[i] = -raw.data[i]!;
      break;
    case 'F16':
    case 'BF16':
      for (let i = 0; i < raw.data.length; i++) raw.data[i] = raw.data[i]! ^ 0x8000;
      break;
    case 'I64':
      for (let i = 0; i < raw.data.length; i++) raw.data[i] = -raw.data[i]!;
      break;
    default:
  }
  return raw;
}
