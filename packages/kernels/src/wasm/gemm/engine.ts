import type { WasmBackend } from '../heap.js';
import { backendMemory, type BackendMemory } from '../memory.js';
import { A_STEPS_IN_RUNS, B_STEPS_IN_RUNS, type GemmFunction, gemmModule, SCRATCH_BYTES } from './gemm-module.js';
import { tileRows } from './microkernel.js';
import { comesInRuns, type Index, indexSize, writeOffsets } from './offsets.js';
import { type Chunk, splitProduct } from './split-product.js';
import { CONTROL_BYTES, join, jobBytes, type StartMember, takePart, wake, writeJob } from './team.js';

/** `C[lines, columns] = A[lines, steps] · B[steps, columns]`. Each index gives the offsets of its values from an address, in bytes. */
export interface Product {
  readonly a: { readonly address: number; readonly lines: Index; readonly steps: Index };
  readonly b: { readonly address: number; readonly steps: Index; readonly columns: Index };
  /** Columns of `C` are neighbors in memory. */
  readonly c: { readonly address: number; readonly lines: Index };
}

/** Computes products in the memory of one started backend. */
export interface GemmEngine {
  readonly multiply: (product: Product) => void;
  /** Whether the machine's fused multiply-add is used. */
  readonly fused: boolean;
  readonly threads: number;
}

/** Products of fewer multiplications than this are not worth waking a thread. */
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
 * Makes the backend's engine again, with helper threads if `startMember` is given. The backend's memory must then be shared.
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
  const [job, members] = startMember ? startTeam(startMember, { module, memory, allocate, threads }) : [undefined, []];

  const multiply = ({ a, b, c }: Product): void => {
    const [lines, steps, columns] = [indexSize(a.lines), indexSize(a.steps), indexSize(b.columns)];
    if (lines * steps * columns === 0) return;
    const shared = job !== undefined && lines * steps * columns > SPLIT_ABOVE;
    const tables = [a.lines, a.steps, b.steps, b.columns, c.lines];
    const tableBytes = 4 * (2 * lines + 2 * steps + columns);
    const scratchBytes = (shared ? members.length + 1 : 1) * SCRATCH_BYTES;
    const scratch = allocate(scratchBytes + tableBytes);
    const ints = new Int32Array(memory.buffer, scratch + scratchBytes, tableBytes / 4);
    let at = 0;
    const [aLines, aSteps, bSteps, bColumns, cLines] = tables.map((index) => {
      const address = scratch + scratchBytes + 4 * at;
      at += writeOffsets(index, ints, at);
      return address;
    }) as [number, number, number, number, number];
    const flags = (comesInRuns(a.steps) ? A_STEPS_IN_RUNS : 0) | (comesInRuns(b.steps) ? B_STEPS_IN_RUNS : 0);
    const argumentsOf = ({ lineBegin, lineEnd, columnBegin, columnEnd }: Chunk): Parameters<GemmFunction> => [
      ...([a.address, aLines, aSteps, b.address, bSteps, bColumns + 4 * columnBegin, c.address + 4 * columnBegin, cLines] as const),
      ...([lineBegin, lineEnd, columnEnd - columnBegin, steps, scratch, flags] as const),
    ];
    if (shared) {
      const chunks = splitProduct(lines, columns, members.length + 1, tileRows(fused)).map(argumentsOf);
      writeJob(job, chunks);
      members.forEach((member, i) => wake(member, scratch + (i + 1) * SCRATCH_BYTES));
      takePart(job, (chunk) => gemm(...chunks[chunk]!));
      members.forEach(join);
    } else {
      gemm(...argumentsOf({ lineBegin: 0, lineEnd: lines, columnBegin: 0, columnEnd: columns }));
    }
    free(scratch);
  };
  const engine = { multiply, fused, threads: members.length + 1 };
  engines.set(backend.wasm, engine);
  return engine;
}

/** Starts the helper threads: the job that they share, and the state of each. */
function startTeam(
  startMember: StartMember,
  {
    module,
    memory,
    allocate,
    threads,
  }: Pick<BackendMemory, 'memory' | 'allocate'> & { readonly module: WebAssembly.Module; readonly threads: number },
): [job: Int32Array, members: Int32Array[]] {
  const job = allocate(jobBytes(threads));
  const controls = Array.from({ length: threads - 1 }, () => allocate(CONTROL_BYTES));
  const members = controls.map((control) => {
    const state = new Int32Array(memory.buffer, control, 2).fill(0);
    startMember({ module, memory, control, job, jobBytes: jobBytes(threads) });
    return state;
  });
  return [new Int32Array(memory.buffer, job, jobBytes(threads) / 4), members];
}

function compile(shared: boolean): { module: WebAssembly.Module; fused: boolean } {
  for (const fused of [true, false]) {
    const bytes = gemmModule({ fused, shared });
    if (WebAssembly.validate(bytes)) return { module: new WebAssembly.Module(bytes), fused };
  }
  throw new Error('gemmEngine: this WebAssembly has no SIMD; use a newer browser or Node, or the cpu backend');
}
