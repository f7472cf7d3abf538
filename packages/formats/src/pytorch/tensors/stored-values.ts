import type { PickleTensor } from '../pickle/pickle-values.js';
import { rawToFloat32, type RawTensor } from '../../raw-tensor.js';

/** The values of a tensor from the values that are stored: it resolves lazily negated and conjugated views, and quantized values. */
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

/** Flips the sign bit of half floats, and negates other numbers; unsigned numbers wrap around. Other types have no negative view. */
function negate(raw: RawTensor): RawTensor {
  switch (raw.dtype) {
    case 'F16':
    case 'BF16':
      for (let i = 0; i < raw.data.length; i++) raw.data[i] = raw.data[i]! ^ 0x8000;
      break;
    case 'I64':
    case 'U64':
      for (let i = 0; i < raw.data.length; i++) raw.data[i] = -raw.data[i]!;
      break;
    default:
      for (let i = 0; i < raw.data.length; i++) raw.data[i] = -raw.data[i]!;
  }
  return raw;
}
