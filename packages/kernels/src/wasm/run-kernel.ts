import { getKernel, type NamedAttrMap, type NamedTensorInfoMap, type TensorInfo } from '@tensorflow/tfjs-core';

import type { WasmBackend } from './heap.js';

/** Runs another kernel of the backend from inside a kernel: without tape or scope. The caller disposes of the result. */
export function runKernel(name: string, backend: WasmBackend, inputs: NamedTensorInfoMap, attrs: NamedAttrMap = {}): TensorInfo {
  const result = getKernel(name, 'wasm').kernelFunc({ inputs, backend, attrs });
  return Array.isArray(result) ? result[0]! : result;
}
