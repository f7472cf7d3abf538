import {
  add,
  assembleModule,
  code,
  type Code,
  compareVectors,
  type Comparison,
  forRange,
  type FunctionSpec,
  get,
  i32,
  loadSplat,
  loadVector,
  masksToBytes,
  min,
  mul,
  mulVector,
  selectBits,
  set,
  shuffle,
  splatBits,
  storeVector,
  zeroVector,
} from '../assembler.js';
import { sineLoops, type Sine } from './sine-loop.js';

const VECTOR = 16;

/** The number of floats that `leakyRelu` and comparisons take at a time. The caller computes the rest. */
export const FLOATS_AT_A_TIME = 4;
export const COMPARISONS_AT_A_TIME = 16;
/** Rows and columns of the blocks that `transpose` takes. */
export const TRANSPOSE_BLOCK = 4;

export const COMPARISON_NAMES = [
  'Equal',
  'NotEqual',
  'Less',
  'Greater',
  'LessEqual',
  'GreaterEqual',
] as const satisfies readonly Comparison[];

/** All addresses and strides are bytes. */
export interface Loops extends Readonly<Record<Comparison | `${Comparison}Single`, Compare>> {
  /** `y = x > 0 ? x : alpha · x`; alpha as the bits of a float. */
  leakyRelu(x: number, y: number, bytes: number, alphaBits: number): void;
  readonly sin: Sine;
  readonly cos: Sine;
  /** `y[column][row] = x[row][column]`; rows and columns are multiples of four. */
  transpose(x: number, y: number, rows: number, columns: number, xStride: number, yStride: number): void;
}
/** `y[i] = a[i] ∘ b[i]` as bytes of 0 or 1, sixteen at a time; `…Single` compares with `b[0]` throughout. */
type Compare = (a: number, b: number, y: number, count: number) => void;

/** The loops over memory that gain from four lanes at a time. */
export const loopModule = ({ shared }: { readonly shared: boolean }): Uint8Array<ArrayBuffer> =>
  assembleModule([leakyRelu, ...sineLoops, transpose, ...COMPARISON_NAMES.flatMap((name) => [compare(name, false), compare(name, true)])], {
    shared,
  });

const leakyRelu: FunctionSpec = (() => {
  const [x, y, bytes, alpha, at, value] = [0, 1, 2, 3, 4, 5] as const;
  const scaled = mulVector(get(value), splatBits(get(alpha)));
  return {
    name: 'leakyRelu',
    params: 4,
    ints: 1,
    vectors: 1,
    body: forRange(
      at,
      i32(0),
      get(bytes),
      i32(VECTOR),
      code(
        set(value, loadVector(add(get(x), get(at)))),
        storeVector(add(get(y), get(at)), selectBits(get(value), scaled, compareVectors('Greater', get(value), zeroVector))),
      ),
    ),
  };
})();

function compare(name: Comparison, single: boolean): FunctionSpec {
  const [a, b, y, count, at, value] = [0, 1, 2, 3, 4, 5] as const;
  const mask = (i: number): Code =>
    compareVectors(name, loadVector(get(a), i * VECTOR), single ? get(value) : loadVector(get(b), i * VECTOR));
  return {
    name: single ? `${name}Single` : name,
    params: 4,
    ints: 1,
    vectors: 1,
    body: code(
      single ? set(value, loadSplat(get(b))) : [],
      forRange(
        at,
        i32(0),
        get(count),
        i32(COMPARISONS_AT_A_TIME),
        code(
          storeVector(get(y), masksToBytes([mask(0), mask(1), mask(2), mask(3)])),
          set(a, add(get(a), i32(4 * VECTOR))),
          single ? [] : set(b, add(get(b), i32(4 * VECTOR))),
          set(y, add(get(y), i32(VECTOR))),
        ),
      ),
    ),
  };
}

const transpose: FunctionSpec = (() => {
  const [x, y, rows, columns, xStride, yStride, strip, stripEnd, row, column, source, target] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
  ] as const;
  const line = (i: number) => 12 + i;
  const mixed = (i: number) => 16 + i;
  const nth = (base: number, stride: number, i: number) => add(get(base), mul(get(stride), i32(i)));
  const block = code(
    set(source, add(add(get(x), mul(get(row), get(xStride))), mul(get(column), i32(4)))),
    set(target, add(add(get(y), mul(get(column), get(yStride))), mul(get(row), i32(4)))),
    ...[0, 1, 2, 3].map((i) => set(line(i), loadVector(nth(source, xStride, i)))),
    set(mixed(0), shuffle(get(line(0)), get(line(1)), [0, 4, 1, 5])),
    set(mixed(1), shuffle(get(line(0)), get(line(1)), [2, 6, 3, 7])),
    set(mixed(2), shuffle(get(line(2)), get(line(3)), [0, 4, 1, 5])),
    set(mixed(3), shuffle(get(line(2)), get(line(3)), [2, 6, 3, 7])),
    ...[0, 1, 2, 3].map((i) => {
      const [low, high] = i < 2 ? [mixed(0), mixed(2)] : [mixed(1), mixed(3)];
      return storeVector(nth(target, yStride, i), shuffle(get(low), get(high), i % 2 === 0 ? [0, 1, 4, 5] : [2, 3, 6, 7]));
    }),
  );
  // Strips of sixteen columns: whole cache lines are read, and the sixteen lines written stay in the first cache.
  return {
    name: 'transpose',
    params: 6,
    ints: 6,
    vectors: 8,
    body: forRange(
      strip,
      i32(0),
      get(columns),
      i32(16),
      code(
        set(stripEnd, min(add(get(strip), i32(16)), get(columns))),
        forRange(row, i32(0), get(rows), i32(TRANSPOSE_BLOCK), forRange(column, get(strip), get(stripEnd), i32(TRANSPOSE_BLOCK), block)),
      ),
    ),
  };
})();
