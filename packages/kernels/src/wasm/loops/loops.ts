import type { WasmBackend } from '../heap.js';
import { backendMemory } from '../memory.js';
import { loopModule, type Loops } from './loop-module.js';

const started = new WeakMap<WasmBackend['wasm'], Loops>();

/** The loops over the memory of one started backend, compiled on first use. */
export function loopsOf(backend: WasmBackend): Loops {
  const known = started.get(backend.wasm);
  if (known) return known;
  const { memory, shared } = backendMemory(backend);
  const module = new WebAssembly.Module(loopModule({ shared }));
  const loops: object = new WebAssembly.Instance(module, { env: { memory } }).exports;
  started.set(backend.wasm, loops as Loops);
  return loops as Loops;
}
