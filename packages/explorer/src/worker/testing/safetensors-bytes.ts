import { type RawTensor, writeSafetensors } from '@netspace/formats';

const size = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);
export function u8(shape: readonly number[], value = 0): RawTensor {
  return { dtype: 'U8', shape, data: new Uint8Array(size(shape)).fill(value) };
}
export function f32(shape: readonly number[], value = 1): RawTensor {
  return { dtype: 'F32', shape, data: new Float32Array(size(shape)).fill(value) };
}
export function tensors(named: Readonly<Record<string, RawTensor>>): Uint8Array {
  return writeSafetensors(new Map(Object.entries(named)));
}
/** A file that is nothing but its header. */
export function claim(header: object): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}
