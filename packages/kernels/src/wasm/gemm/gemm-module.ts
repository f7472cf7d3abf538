import { add, assembleModule, call, code, forRange, type FunctionSpec, get, i32, min, mul, set, sub } from '../assembler.js';
import { TILE_COLUMNS, tileFunction, tileRows } from './microkernel.js';
import { packFunction } from './packing.js';

/**
 * Steps of the common dimension that are done at a time, so that a packed tile of `A` (5 × 256 floats) and a panel of `B` stay in the first
 * cache.
 */
export const BLOCK_STEPS = 256;

/** Columns that are packed at a time, so that the block of `B` (256 × 512 floats, 512 KiB) stays in the second cache. */
export const BLOCK_COLUMNS = 512;

/** Flag: steps of `A` (or `B`) come in runs of at least four neighbors in memory. */
export const A_STEPS_IN_RUNS = 1;
export const B_STEPS_IN_RUNS = 2;

const PANEL_BYTES = BLOCK_STEPS * TILE_COLUMNS * 4;
const TILE_BYTES = 8 * TILE_COLUMNS * 4;
const PACKED_A_BYTES = 8 * BLOCK_STEPS * 4;

/** Scratch memory of one running product: a tile, a packed tile of `A`, a packed block of `B`. */
export const SCRATCH_BYTES = TILE_BYTES + PACKED_A_BYTES + (BLOCK_COLUMNS / TILE_COLUMNS) * PANEL_BYTES;

/** The exported function's arguments, in order. Tables hold byte offsets from the bases; all addresses are in bytes. */
export type GemmFunction = (
  a: number,
  aLines: number,
  aSteps: number,
  b: number,
  bSteps: number,
  bColumns: number,
  c: number,
  cLines: number,
  lineBegin: number,
  lineEnd: number,
  columns: number,
  steps: number,
  scratch: number,
  flags: number,
) => void;

/**
 * The module that computes `C[cLines[m] + 4n] = Σ_k A[aLines[m] + aSteps[k]] · B[bSteps[k] + bColumns[n]]`.
 *
 * With a table for every index, this one product computes matrix multiplication with any transposes, a convolution (lines are output
 * pixels, steps are taps × channels) and both its gradients. It never writes patches to memory.
 */
export function gemmModule({ fused, shared }: { readonly fused: boolean; readonly shared: boolean }): Uint8Array<ArrayBuffer> {
  return assembleModule([tileFunction(fused), packFunction(tileRows(fused)), packFunction(TILE_COLUMNS), blockedProduct(tileRows(fused))], {
    shared,
  });
}

const TILE = 0;
const PACK_A = 1;
const PACK_B = 2;

function blockedProduct(rows: number): FunctionSpec {
  const [a, aLines, aSteps, b, bSteps, bColumns, c, cLines, lineBegin, lineEnd, columns, steps, scratch, flags] = [
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13,
  ] as const;
  const [step, blockSteps, column, columnEnd, n, panel, m, packedA, packedB] = [14, 15, 16, 17, 18, 19, 20, 21, 22] as const;
  const entry = (table: number, index: number) => add(get(table), mul(get(index), i32(4)));
  const left = (end: number, index: number, limit: number) => min(sub(get(end), get(index)), i32(limit));
  const flag = (bit: number) => [...get(flags), ...i32(bit), 0x71];

  const packColumns = code(
    set(panel, get(packedB)),
    forRange(
      n,
      get(column),
      get(columnEnd),
      i32(TILE_COLUMNS),
      code(
        call(
          PACK_B,
          get(panel),
          get(b),
          entry(bColumns, n),
          entry(bSteps, step),
          get(blockSteps),
          left(columnEnd, n, TILE_COLUMNS),
          flag(B_STEPS_IN_RUNS),
        ),
        set(panel, add(get(panel), i32(PANEL_BYTES))),
      ),
    ),
  );
  const multiplyLines = forRange(
    m,
    get(lineBegin),
    get(lineEnd),
    i32(rows),
    code(
      call(
        PACK_A,
        get(packedA),
        get(a),
        entry(aLines, m),
        entry(aSteps, step),
        get(blockSteps),
        left(lineEnd, m, rows),
        flag(A_STEPS_IN_RUNS),
      ),
      set(panel, get(packedB)),
      forRange(
        n,
        get(column),
        get(columnEnd),
        i32(TILE_COLUMNS),
        code(
          call(
            TILE,
            get(packedA),
            get(panel),
            get(blockSteps),
            entry(c, n),
            entry(cLines, m),
            left(lineEnd, m, rows),
            left(columnEnd, n, TILE_COLUMNS),
            get(step),
            get(scratch),
          ),
          set(panel, add(get(panel), i32(PANEL_BYTES))),
        ),
      ),
    ),
  );
  return {
    name: 'gemm',
    params: 14,
    ints: 9,
    vectors: 0,
    body: code(
      set(packedA, add(get(scratch), i32(TILE_BYTES))),
      set(packedB, add(get(packedA), i32(PACKED_A_BYTES))),
      forRange(
        step,
        i32(0),
        get(steps),
        i32(BLOCK_STEPS),
        code(
          set(blockSteps, left(steps, step, BLOCK_STEPS)),
          forRange(
            column,
            i32(0),
            get(columns),
            i32(BLOCK_COLUMNS),
            code(set(columnEnd, min(get(columns), add(get(column), i32(BLOCK_COLUMNS)))), packColumns, multiplyLines),
          ),
        ),
      ),
    ),
  };
}
