/** IEEE 754 half precision → number, exact. */
export function decodeFloat16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * The bits of a number in IEEE 754 half precision, rounded to the nearest, ties to even; numbers from 65,520 up become infinite.
 *
 * `Uint16Array.from(values, encodeFloat16)` makes the data of a {@link RawTensor} of type `F16`.
 *
 * @returns 16 bits: sign, 5 of the exponent, 10 of the fraction
 * @example
 * ```ts
 * import { encodeFloat16 } from '@netspace/formats';
 *
 * console.log(encodeFloat16(1).toString(16), encodeFloat16(-2).toString(16)); // 3c00 c000
 * ```
 */
export function encodeFloat16(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00; // halfway to the next power of two after the largest, 65504
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  const mantissa = roundToEven(size * 2 ** (10 - exponent)); // of 1024 steps; subnormal below 1024
  // A carry out of the mantissa (2048) runs into the exponent by itself; so does a subnormal that rounds up to 1024.
  return sign | (mantissa + ((exponent + 14) << 10));
}

const roundToEven = (value: number): number => {
  const low = Math.floor(value);
  const rest = value - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
};

/** bfloat16 → single precision, exact: the upper half of its bits. */
export const decodeBfloat16 = (bits: Uint16Array): Float32Array => {
  const words = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) words[i] = bits[i]! << 16;
  return new Float32Array(words.buffer);
};
