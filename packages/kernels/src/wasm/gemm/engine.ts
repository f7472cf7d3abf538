import type { WasmBackend } from '../heap.js';
import { backendMemory } from '../memory.js';
import { A_STEPS_IN_FOURS, B_STEPS_IN_FOURS, type GemmFunction, gemmModule, SCRATCH_BYTES } from './gemm-module.js';
import { tileRows } from './microkernel.js';
import { comesInFours, type Index, indexSize, writeOffsets } from './offsets.js';
import { assign, CONTROL_BYTES, controlBlock, join, type StartMember } from './team.js';

/** `C[lines, columns] = A[lines, steps] · B[steps, columns]`; each index says where its values lie from an address (bytes). */
export interface Product {
  readonly a: { readonly address: number; readonly lines: Index; readonly steps: Index };
  readonly b: { readonly address: number; readonly steps: Index; readonly columns: Index };
  /** Columns of `C` are neighbours in memory. */
  readonly c: { readonly address: number; readonly lines: Index };
}

/** Computes products in the memory of one started backend. */
export interface GemmEngine {
  readonly multiply: (product: Product) => void;
  /** Whether the machine's fused multiply-add is used. */
  readonly fused: boolean;
  readonly threads: number;
}

/** Products of fewer multiplications are not worth waking a thread for. */
const SPLIT_ABOVE = 500_000;

const engines = new WeakMap<WasmBackend['wasm'], GemmEngine>();

/**
 * The backend's engine, made on first use.
 *
 * @throws Error if the backend's memory cannot be reached or WebAssembly SIMD is missing
 */
export function gemmEngine(backend: WasmBackend): GemmEngine {
  return engines.get(backend.wasm) ?? startGemmEngine(backend);
}

/**
 * Makes the backend's engine anew, with helper threads if told how to start one (the backend's memory must be shared then).
 *
 * @throws Error as `gemmEngine` does, or if threads are asked for and the memory is not shared
 */
export function startGemmEngine(
  backend: WasmBackend,
  { threads = 1, startMember }: { readonly threads?: number; readonly startMember?: StartMember } = {},
): GemmEngine {
  const { memory, shared, allocate, free } = backendMemory(backend);
  if (threads > 1 && !shared)
    throw new Error('startGemmEngine: expected shared memory for threads; start the threaded build of the wasm backend');
  const { module, fused } = compile(shared);
  const gemm = new WebAssembly.Instance(module, { env: { memory } }).exports['gemm'] as GemmFunction;
  const controls = startMember ? Array.from({ length: threads - 1 }, () => allocate(CONTROL_BYTES)) : [];
  const members = controls.map((control) => {
    const state = controlBlock(memory, control).fill(0);
    startMember!({ module, memory, control });
    return state;
  });

  const multiply = ({ a, b, c }: Product): void => {
    const [lines, steps, columns] = [indexSize(a.lines), indexSize(a.steps), indexSize(b.columns)];
    if (lines * steps * columns === 0) return;
    const shares = splitLines(lines, lines * steps * columns > SPLIT_ABOVE ? members.length + 1 : 1, tileRows(fused));
    const tables = [a.lines, a.steps, b.steps, b.columns, c.lines];
    const tableBytes = 4 * (2 * lines + 2 * steps + columns);
    const scratch = allocate(shares.length * SCRATCH_BYTES + tableBytes);
    const tablesAt = scratch + shares.length * SCRATCH_BYTES;
    const ints = new Int32Array(memory.buffer, tablesAt, tableBytes / 4);
    let at = 0;
    const [aLines, aSteps, bSteps, bColumns, cLines] = tables.map((index) => {
      const address = tablesAt + 4 * at;
      at += writeOffsets(index, ints, at);
      return address;
    }) as [number, number, number, number, number];
    const flags = (comesInFours(a.steps) ? A_STEPS_IN_FOURS : 0) | (comesInFours(b.steps) ? B_STEPS_IN_FOURS : 0);
    const argumentsOf = ([begin, end]: Share, member: number): Parameters<GemmFunction> => [
      ...([a.address, aLines, aSteps, b.address, bSteps, bColumns, c.address, cLines, begin, end, columns, steps] as const),
      scratch + member * SCRATCH_BYTES,
      flags,
    ];
    const [mine, ...others] = shares as [Share, ...Share[]];
    others.forEach((share, i) => assign(members[i]!, argumentsOf(share, i + 1)));
    gemm(...argumentsOf(mine, 0));
    others.forEach((_, i) => join(members[i]!));
    free(scratch);
  };
  const engine = { multiply, fused, threads: members.length + 1 };
  engines.set(backend.wasm, engine);
  return engine;
}

type Share = readonly [begin: number, end: number];

/** Lines in as equal shares as whole tiles allow. */
export function splitLines(lines: number, shares: number, tile: number): Share[] {
  const tiles = Math.ceil(lines / tile);
  const count = Math.min(shares, tiles);
  return Array.from({ length: count }, (_, i) => {
    const [begin, end] = [Math.floor((i * tiles) / count) * tile, Math.floor(((i + 1) * tiles) / count) * tile];
    return [begin, Math.min(end, lines)];
  });
}

function compile(shared: boolean): { module: WebAssembly.Module; fused: boolean } {
  for (const fused of [true, false]) {
    const bytes = gemmModule({ fused, shared });
    if (WebAssembly.validate(bytes)) return { module: new WebAssembly.Module(bytes), fused };
  }
  throw new Error('gemmEngine: this WebAssembly has no SIMD; use a newer browser or Node, or the cpu backend');
}
