import { A_STEPS_IN_FOURS, B_STEPS_IN_FOURS, type GemmFunction, gemmModule, SCRATCH_BYTES } from './gemm-module.js';
import { comesInFours, type Index, indexSize, writeOffsets } from './offsets.js';
import type { WasmBackend } from '../heap.js';

/** `C[lines, columns] = A[lines, steps] · B[steps, columns]`; each index says where its values lie from an address (bytes). */
export interface Product {
  readonly a: { readonly address: number; readonly lines: Index; readonly steps: Index };
  readonly b: { readonly address: number; readonly steps: Index; readonly columns: Index };
  /** Columns of `C` are neighbours in memory. */
  readonly c: { readonly address: number; readonly lines: Index };
}

/** Computes products in the memory of one started backend. */
export type GemmEngine = (product: Product) => void;

/** What Emscripten adds to the module, as far as it is needed here (its own types are global, and not everybody's). */
interface Emscripten {
  _malloc(bytes: number): number;
  _free(address: number): void;
  /** The memory that it made itself (threaded build). */
  readonly wasmMemory?: unknown;
  /** The module's exports, the memory among them (the other builds). */
  readonly asm?: { readonly memory?: unknown };
}

const engines = new WeakMap<WasmBackend['wasm'], GemmEngine>();

/**
 * The backend's engine, made on first use.
 *
 * @throws Error if the backend's memory cannot be reached or WebAssembly SIMD is missing
 */
export function gemmEngine(backend: WasmBackend): GemmEngine {
  const engine = engines.get(backend.wasm) ?? createEngine(backend);
  engines.set(backend.wasm, engine);
  return engine;
}

function createEngine(backend: WasmBackend): GemmEngine {
  const wasm = backend.wasm as WasmBackend['wasm'] & Emscripten;
  const memory = [wasm.wasmMemory, wasm.asm?.memory].find((candidate) => candidate instanceof WebAssembly.Memory);
  if (!memory) throw new Error("gemmEngine: the wasm backend's memory is out of reach; use @tensorflow/tfjs-backend-wasm 4.22 from npm");
  const shared = typeof SharedArrayBuffer !== 'undefined' && memory.buffer instanceof SharedArrayBuffer;
  const bytes = [true, false].map((fused) => gemmModule({ fused, shared })).find((module) => WebAssembly.validate(module));
  if (!bytes) throw new Error('gemmEngine: this WebAssembly has no SIMD; use a newer browser or Node, or the cpu backend');
  const module = new WebAssembly.Module(bytes);
  const gemm = new WebAssembly.Instance(module, { env: { memory } }).exports['gemm'] as GemmFunction;
  return ({ a, b, c }) => {
    const [lines, steps, columns] = [indexSize(a.lines), indexSize(a.steps), indexSize(b.columns)];
    if (lines * steps * columns === 0) return;
    const tables = [a.lines, a.steps, b.steps, b.columns, c.lines];
    const entries = 2 * lines + 2 * steps + columns;
    const scratch = wasm._malloc(SCRATCH_BYTES + 4 * entries) >>> 0;
    const ints = new Int32Array(memory.buffer, scratch + SCRATCH_BYTES, entries);
    let at = 0;
    const [aLines, aSteps, bSteps, bColumns, cLines] = tables.map((index) => {
      const address = scratch + SCRATCH_BYTES + 4 * at;
      at += writeOffsets(index, ints, at);
      return address;
    }) as [number, number, number, number, number];
    const flags = (comesInFours(a.steps) ? A_STEPS_IN_FOURS : 0) | (comesInFours(b.steps) ? B_STEPS_IN_FOURS : 0);
    gemm(a.address, aLines, aSteps, b.address, bSteps, bColumns, c.address, cLines, 0, lines, columns, steps, scratch, flags);
    wasm._free(scratch);
  };
}
