import type { WasmBackend } from './heap.js';

/** What Emscripten adds to the backend's module, as far as it is needed here (its own types are global, and not everybody's). */
interface Emscripten {
  _malloc(bytes: number): number;
  _free(address: number): void;
  /** The memory that it made itself (threaded build). */
  readonly wasmMemory?: unknown;
  /** The module's exports, the memory among them (the other builds). */
  readonly asm?: { readonly memory?: unknown };
}

/** The backend's memory, for code of ours to work in. */
export interface BackendMemory {
  readonly memory: WebAssembly.Memory;
  readonly shared: boolean;
  /** The address of so many new bytes, a multiple of 8. */
  readonly allocate: (bytes: number) => number;
  readonly free: (address: number) => void;
}

/**
 * Where the backend's tensors live.
 *
 * @throws Error if this build of the backend does not let us have it
 */
export function backendMemory(backend: WasmBackend): BackendMemory {
  const module = backend.wasm as WasmBackend['wasm'] & Emscripten;
  const memory = [module.wasmMemory, module.asm?.memory].find((candidate) => candidate instanceof WebAssembly.Memory);
  if (!memory) throw new Error("backendMemory: the wasm backend's memory is out of reach; use @tensorflow/tfjs-backend-wasm 4.22 from npm");
  return {
    memory,
    shared: typeof SharedArrayBuffer !== 'undefined' && memory.buffer instanceof SharedArrayBuffer,
    allocate: (bytes) => module._malloc(bytes) >>> 0, // addresses above 2 GB come back negative
    free: (address) => module._free(address),
  };
}
