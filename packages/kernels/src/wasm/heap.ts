import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type { TensorInfo } from '@tensorflow/tfjs-core';

/** The parts of the backend that kernels use. */
export type WasmBackend = Pick<
  BackendWasm,
  'makeOutput' | 'incRef' | 'disposeData' | 'typedArrayFromHeap' | 'getMemoryOffset' | 'readSync' | 'wasm'
>;

/**
 * A view of a tensor's values in the backend's memory.
 *
 * Valid only until the next allocation, which may grow (and move) that memory: take views after every `makeOutput`.
 */
export function float32View(backend: WasmBackend, info: TensorInfo): Float32Array {
  if (info.dtype !== 'float32') throw new Error(`wasm kernel: expected a float32 tensor, got ${info.dtype}; cast it first`);
  return backend.typedArrayFromHeap(info) as Float32Array;
}
