/**
 * Just enough of a WebAssembly assembler to write the few hot loops of this package (binary format 1.0, SIMD, relaxed SIMD).
 * Instructions are flat lists of bytes in stack order; the helpers take their operands as arguments.
 *
 * @see https://webassembly.github.io/spec/core/binary/index.html
 */
export type Code = readonly number[];

export const code = (...parts: readonly Code[]): Code => parts.flat();

/** Unsigned LEB128. */
export function unsigned(value: number): number[] {
  const bytes = [];
  do {
    const rest = value >>> 7;
    bytes.push((value & 0x7f) | (rest ? 0x80 : 0));
    value = rest;
  } while (value);
  return bytes;
}

/** Signed LEB128 of a 32-bit integer. */
export function signed(value: number): number[] {
  const bytes = [];
  for (;;) {
    const byte = value & 0x7f;
    value >>= 7;
    const done = (value === 0 && !(byte & 0x40)) || (value === -1 && byte & 0x40);
    bytes.push(done ? byte : byte | 0x80);
    if (done) return bytes;
  }
}

// --- locals and constants
export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...unsigned(local)];
export const i32 = (value: number): Code => [0x41, ...signed(value)];

// --- integers
const binary =
  (opcode: number) =>
  (a: Code, b: Code): Code => [...a, ...b, opcode];
export const add = binary(0x6a);
export const sub = binary(0x6b);
export const mul = binary(0x6c);
export const equal = binary(0x46);
export const lessThan = binary(0x48);
export const greaterOrEqual = binary(0x4e);
export const and = binary(0x71);
/** The smaller of two integers without side effects. */
export const min = (a: Code, b: Code): Code => [...a, ...b, ...lessThan(a, b), 0x1b];

// --- memory; offsets are bytes
export const loadInt = (address: Code, offset = 0): Code => [...address, 0x28, 2, ...unsigned(offset)];
export const loadFloat = (address: Code, offset = 0): Code => [...address, 0x2a, 2, ...unsigned(offset)];
export const storeFloat = (address: Code, value: Code, offset = 0): Code => [...address, ...value, 0x38, 2, ...unsigned(offset)];
export const addFloat = binary(0x92);

// --- vectors of four floats
const simd = (opcode: number, ...rest: readonly number[]): Code => [0xfd, ...unsigned(opcode), ...rest];
export const loadVector = (address: Code, offset = 0): Code => [...address, ...simd(0x00, 2, ...unsigned(offset))];
export const loadSplat = (address: Code, offset = 0): Code => [...address, ...simd(0x09, 2, ...unsigned(offset))];
export const storeVector = (address: Code, value: Code, offset = 0): Code => [...address, ...value, ...simd(0x0b, 2, ...unsigned(offset))];
export const zeroVector: Code = simd(0x0c, ...Array<number>(16).fill(0));
export const addVector = (a: Code, b: Code): Code => [...a, ...b, ...simd(0xe4)];
export const subVector = (a: Code, b: Code): Code => [...a, ...b, ...simd(0xe5)];
export const mulVector = (a: Code, b: Code): Code => [...a, ...b, ...simd(0xe6)];
/** `a · b + c`; fused (one rounding, one instruction) where relaxed SIMD may be used. */
export const multiplyAdd = (a: Code, b: Code, c: Code, fused: boolean): Code =>
  fused ? [...a, ...b, ...c, ...simd(0x105)] : addVector(c, mulVector(a, b));
/** One of the four lanes, four times. */
export const splatLane = (vector: Code, lane: number): Code => {
  const bytes = Array.from({ length: 16 }, (_, i) => lane * 4 + (i % 4));
  return [...vector, ...vector, ...simd(0x0d, ...bytes)];
};
/** Picks four lanes of two vectors: 0..3 are the first's, 4..7 the second's. */
export const shuffle = (a: Code, b: Code, lanes: readonly number[]): Code => [
  ...a,
  ...b,
  ...simd(0x0d, ...lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => lane * 4 + byte))),
];

/** The nearest whole numbers, halves to even. */
export const nearestVector = (a: Code): Code => [...a, ...simd(0x6a)];
export const absVector = (a: Code): Code => [...a, ...simd(0xe0)];
/** A constant float, four times. */
export const constantVector = (value: number): Code => {
  const bytes = new Uint8Array(Float32Array.of(value, value, value, value).buffer);
  return simd(0x0c, ...bytes);
};

/** A float, given by its bits, four times. */
export const splatBits = (bits: Code): Code => [...bits, ...simd(0x11)];
/** Lane by lane: all bits set if the comparison is true, else none. */
export const compareVectors = (comparison: Comparison, a: Code, b: Code): Code => [...a, ...b, ...simd(COMPARISONS[comparison])];
/** The bits of `a` if the mask's bit is set, else those of `b`. */
export const selectBits = (a: Code, b: Code, mask: Code): Code => [...a, ...b, ...mask, ...simd(0x52)];
export const andVector = (a: Code, b: Code): Code => [...a, ...b, ...simd(0x4e)];
/** The bits of `a` that are not set in `b`. */
export const orNot = (a: Code, b: Code): Code => [...a, ...b, ...simd(0x4d), ...simd(0x50)];
export const xorVector = (a: Code, b: Code): Code => [...a, ...b, ...simd(0x51)];
/** Four masks of four lanes each as sixteen bytes, 1 or 0. */
export const masksToBytes = (masks: readonly [Code, Code, Code, Code]): Code => {
  const halves = [0, 2].map((i) => [...masks[i]!, ...masks[i + 1]!, ...simd(0x85)]);
  return [...halves.flat(), ...simd(0x65), ...i32(1), ...simd(0x0f), ...simd(0x4e)];
};

const COMPARISONS = { Equal: 0x41, NotEqual: 0x42, Less: 0x43, Greater: 0x44, LessEqual: 0x45, GreaterEqual: 0x46 } as const;
export type Comparison = keyof typeof COMPARISONS;

// --- vectors of four integers
/** Floats as integers; too large ones as the largest, NaN as 0. */
export const toIntegers = (a: Code): Code => [...a, ...simd(0xf8)];
export const addIntegers = (a: Code, b: Code): Code => [...a, ...b, ...simd(0xae)];
export const equalIntegers = (a: Code, b: Code): Code => [...a, ...b, ...simd(0x37)];
export const shiftLeft = (a: Code, bits: number): Code => [...a, ...i32(bits), ...simd(0xab)];
export const splatInteger = (value: number): Code => [...i32(value), ...simd(0x11)];
/** 1 if any bit of a vector is set, else 0. */
export const anyBit = (a: Code): Code => [...a, ...simd(0x53)];

// --- control
const EMPTY = 0x40;
export const ifElse = (condition: Code, then: Code, otherwise: Code = []): Code => [
  ...condition,
  0x04,
  EMPTY,
  ...then,
  ...(otherwise.length ? [0x05, ...otherwise] : []),
  0x0b,
];
/** `for (local = from; local < to; local += step)`. */
export const forRange = (local: number, from: Code, to: Code, step: Code, body: Code): Code => [
  ...set(local, from),
  ...[0x02, EMPTY, 0x03, EMPTY],
  ...[...greaterOrEqual(get(local), to), 0x0d, 1],
  ...body,
  ...set(local, add(get(local), step)),
  ...[0x0c, 0, 0x0b, 0x0b],
];
/** `do body while (condition)`. */
export const doWhile = (body: Code, condition: Code): Code => [0x03, EMPTY, ...body, ...condition, 0x0d, 0, 0x0b];
export const call = (func: number, ...args: readonly Code[]): Code => [...args.flat(), 0x10, ...unsigned(func)];

// --- module
export interface FunctionSpec {
  /** Exported under this name if given. */
  readonly name?: string;
  /** How many i32 parameters, then i32 locals, then v128 locals. */
  readonly params: number;
  readonly ints: number;
  readonly vectors: number;
  /** Whether the body leaves an i32 on the stack, which is the result. */
  readonly result?: boolean;
  readonly body: Code;
}

const I32 = 0x7f;
const V128 = 0x7b;
const section = (id: number, items: readonly Code[]): Code => {
  const body = [...unsigned(items.length), ...items.flat()];
  return [id, ...unsigned(body.length), ...body];
};
const text = (value: string): Code => [value.length, ...Array.from(value, (letter) => letter.charCodeAt(0))];

/** A module of these functions over a memory imported as `env.memory`. */
export function assembleModule(functions: readonly FunctionSpec[], { shared }: { readonly shared: boolean }): Uint8Array<ArrayBuffer> {
  const memory = shared ? [0x03, 0, ...unsigned(65_536)] : [0x00, 0];
  const exported = functions.flatMap(({ name }, index) => (name ? [[...text(name), 0x00, ...unsigned(index)]] : []));
  const bodies = functions.map(({ ints, vectors, body }) => {
    const bytes = [2, ...unsigned(ints), I32, ...unsigned(vectors), V128, ...body, 0x0b];
    return [...unsigned(bytes.length), ...bytes];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, functions.map(({ params, result }) => [0x60, ...unsigned(params), ...Array<number>(params).fill(I32), ...(result ? [1, I32] : [0])])), // prettier-ignore
    ...section(2, [[...text('env'), ...text('memory'), 0x02, ...memory]]),
    ...section(3, functions.map((_, index) => unsigned(index))), // prettier-ignore
    ...section(7, exported),
    ...section(10, bodies),
  ]);
}
