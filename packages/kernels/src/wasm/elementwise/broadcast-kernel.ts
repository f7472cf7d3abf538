import { broadcast_util, type KernelConfig, type TypedArray } from '@tensorflow/tfjs-core';

import { float32View, type WasmBackend } from '../heap.js';
import { shippedKernel } from '../shipped-kernel.js';
import { type BroadcastRun, forEachBroadcastRun } from './broadcast-runs.js';

/** Computes a run of a broadcast operation on floats in place, in the backend's memory. */
type ComputeRun = (a: Float32Array, b: Float32Array, out: TypedArray, run: BroadcastRun, backend: WasmBackend) => void;

/** The kernel of an operation on two broadcast tensors of floats. Other types are left to the shipped kernel. */
export function broadcastKernel(name: string, dtype: 'bool' | 'float32', compute: ComputeRun): KernelConfig {
  const shipped = shippedKernel(name);
  return {
    ...shipped,
    kernelFunc: (params) => {
      const [a, b] = [params.inputs['a']!, params.inputs['b']!];
      if (a.dtype !== 'float32' || b.dtype !== 'float32') return shipped.kernelFunc(params);
      const backend = params.backend as WasmBackend;
      const out = backend.makeOutput(broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape), dtype);
      const [left, right, target] = [float32View(backend, a), float32View(backend, b), backend.typedArrayFromHeap(out)];
      forEachBroadcastRun(a.shape, b.shape, (run) => compute(left, right, target, run, backend));
      return out;
    },
  };
}
