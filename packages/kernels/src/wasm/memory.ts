import type { WasmBackend } from './heap.js';

/** The parts of the backend's Emscripten module that are needed here. (Emscripten's own types are global, so they are not imported.) */
interface Emscripten {
  _malloc(bytes: number): number;
  _free(address: number): void;
  /** The memory that the module made itself (threaded build). */
  readonly wasmMemory?: unknown;
  /** The module's exports, the memory among them (the other builds). */
  readonly asm?: { readonly memory?: unknown };
}

/** The backend's memory, in which our code works. */
export interface BackendMemory {
  readonly memory: WebAssembly.Memory;
  readonly shared: boolean;
  /** Allocates bytes; their address is a multiple of 8. */
  readonly allocate: (bytes: number) => number;
  readonly free: (address: number) => void;
}

/**
 * Where the backend's tensors live.
 *
 * @throws Error if this build of the backend does not give access to it
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
