import {
  add,
  addFloat,
  addVector,
  code,
  type Code,
  doWhile,
  equal,
  and,
  forRange,
  type FunctionSpec,
  get,
  i32,
  ifElse,
  loadFloat,
  loadInt,
  loadSplat,
  loadVector,
  mul,
  multiplyAdd,
  set,
  splatLane,
  storeFloat,
  storeVector,
  sub,
  zeroVector,
} from '../assembler.js';

/** Columns of a tile: two vectors of four floats. */
export const TILE_COLUMNS = 8;

/**
 * Rows of a tile. With fused multiply-add, 5 × 8 fills the 15 vector registers that V8 gives. Without it a product needs a register of its
 * own, and 4 × 8 is faster. At best a core reaches 44 GFLOP/s with it and 29 without; `bench/kernels.ts` measures whole kernels.
 */
export const tileRows = (fused: boolean): number => (fused ? 5 : 4);

const FLOAT = 4;
const VECTOR = 16;

/**
 * `C[rows, 8] (+)= A[rows, k] · B[k, 8]` for one tile: `A` packed as `[k][tileRows]`, `B` as `[k][8]`, and the rows of `C` at the offsets
 * of a table (bytes).
 *
 * Parameters: A, B, k, C (of column 0), table of C's rows, rows and columns to write, whether to add to C, scratch for one tile.
 */
export function tileFunction(fused: boolean): FunctionSpec {
  const rows = tileRows(fused);
  const [a, b, k, c, rowTable, validRows, validColumns, accumulate, scratch, row, column, target] = [...Array(12).keys()] as [...Tuple12];
  const vectors = 12;
  const accumulator = (i: number, j: number) => vectors + 2 * i + j;
  const right = (j: number) => vectors + 2 * rows + j;
  const left = vectors + 2 * rows + 2;
  const splatted = left + 1;

  const leftSplat = (i: number): Code => {
    if (!fused) return loadSplat(get(a), i * FLOAT);
    return i < 4 ? splatLane(get(left), i) : loadSplat(get(a), i * FLOAT);
  };
  const step = code(
    ...[0, 1].map((j) => set(right(j), loadVector(get(b), j * VECTOR))),
    fused ? set(left, loadVector(get(a))) : [],
    ...Array.from({ length: rows }, (_, i) =>
      code(
        set(splatted, leftSplat(i)),
        ...[0, 1].map((j) => set(accumulator(i, j), multiplyAdd(get(splatted), get(right(j)), get(accumulator(i, j)), fused))),
      ),
    ),
    set(a, add(get(a), i32(rows * FLOAT))),
    set(b, add(get(b), i32(TILE_COLUMNS * FLOAT))),
    set(k, sub(get(k), i32(1))),
  );
  const rowAddress = (index: Code): Code => add(get(c), loadInt(add(get(rowTable), mul(index, i32(4)))));
  const writeWholeTile = Array.from({ length: rows }, (_, i) =>
    code(
      set(target, rowAddress(i32(i))),
      ifElse(
        get(accumulate),
        code(
          ...[0, 1].map((j) =>
            storeVector(get(target), addVector(loadVector(get(target), j * VECTOR), get(accumulator(i, j))), j * VECTOR),
          ),
        ),
        code(...[0, 1].map((j) => storeVector(get(target), get(accumulator(i, j)), j * VECTOR))),
      ),
    ),
  );
  const scratchValue = loadFloat(add(get(scratch), mul(add(mul(get(row), i32(TILE_COLUMNS)), get(column)), i32(FLOAT))));
  const writePartOfTile = code(
    ...Array.from({ length: rows }, (_, i) =>
      code(...[0, 1].map((j) => storeVector(get(scratch), get(accumulator(i, j)), (2 * i + j) * VECTOR))),
    ),
    forRange(
      row,
      i32(0),
      get(validRows),
      i32(1),
      forRange(
        column,
        i32(0),
        get(validColumns),
        i32(1),
        code(
          set(target, add(rowAddress(get(row)), mul(get(column), i32(FLOAT)))),
          ifElse(
            get(accumulate),
            storeFloat(get(target), addFloat(loadFloat(get(target)), scratchValue)),
            storeFloat(get(target), scratchValue),
          ),
        ),
      ),
    ),
  );
  return {
    params: 9,
    ints: 3,
    vectors: 2 * rows + 4,
    body: code(
      ...Array.from({ length: 2 * rows }, (_, i) => set(vectors + i, zeroVector)),
      doWhile(step, get(k)),
      ifElse(and(equal(get(validRows), i32(rows)), equal(get(validColumns), i32(TILE_COLUMNS))), code(...writeWholeTile), writePartOfTile),
    ),
  };
}

type Tuple12 = [number, number, number, number, number, number, number, number, number, number, number, number];
