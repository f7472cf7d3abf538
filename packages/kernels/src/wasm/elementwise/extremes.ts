import { broadcast_util, type KernelConfig, Maximum, Minimum } from '@tensorflow/tfjs-core';

import { float32View, type WasmBackend } from '../heap.js';
import { shippedKernel } from '../shipped-kernel.js';
import { forEachBroadcastRun } from './broadcast-runs.js';

/** `max(a, b)` and `min(a, b)`, NaN where either is, as on other backends; as shipped, a NaN of `b` vanishes. */
export const extremeConfigs: readonly KernelConfig[] = [
  extremeConfig(Maximum, (a, b) => Math.max(a, b)),
  extremeConfig(Minimum, (a, b) => Math.min(a, b)),
];

function extremeConfig(name: string, choose: (a: number, b: number) => number): KernelConfig {
  const shipped = shippedKernel(name);
  return {
    ...shipped,
    kernelFunc: (params) => {
      const [a, b] = [params.inputs['a']!, params.inputs['b']!];
      if (a.dtype !== 'float32' || b.dtype !== 'float32') return shipped.kernelFunc(params);
      const backend = params.backend as WasmBackend;
      const out = backend.makeOutput(broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape), 'float32');
      const [left, right, target] = [float32View(backend, a), float32View(backend, b), float32View(backend, out)];
      forEachBroadcastRun(a.shape, b.shape, (run) => {
        for (let i = 0; i < run.length; i++) {
          target[run.out + i] = choose(left[run.a + (run.aMoves ? i : 0)]!, right[run.b + (run.bMoves ? i : 0)]!);
        }
      });
      return out;
    },
  };
}
