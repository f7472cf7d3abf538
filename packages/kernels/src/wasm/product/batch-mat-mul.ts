import { BatchMatMul, broadcast_util, type KernelConfig, util } from '@tensorflow/tfjs-core';

import { forEachBroadcastRun } from '../elementwise/broadcast-runs.js';
import { gemmEngine } from '../gemm/engine.js';
import type { Index } from '../gemm/offsets.js';
import { float32View, type WasmBackend } from '../heap.js';
import { shippedKernel } from '../shipped-kernel.js';

/** Products of matrices with any transposes and batches. The shipped kernel uses a scalar loop for all but the simplest. */
export const batchMatMulConfig: KernelConfig = {
  ...shippedKernel(BatchMatMul),
  kernelFunc: ({ inputs, backend, attrs }) => {
    const wasm = backend as WasmBackend;
    const [a, b] = [inputs['a']!, inputs['b']!];
    for (const { dtype } of [a, b]) {
      // Numbers of another type would be read wrongly.
      if (dtype !== 'float32') throw new Error(`BatchMatMul: expected float32 tensors on wasm, got ${dtype}; cast them first`);
    }
    const [transposeA, transposeB] = [attrs!['transposeA'] as boolean, attrs!['transposeB'] as boolean];
    const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
    const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
    const [lines, steps] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
    const [bSteps, columns] = transposeB ? [bColumns, bRows] : [bRows, bColumns];
    if (steps !== bSteps) {
      throw new Error(
        `BatchMatMul: expected equal inner sizes, got ${steps} of [${a.shape}] and ${bSteps} of [${b.shape}]; check the transposes`,
      );
    }
    const batchShape = broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
    const out = wasm.makeOutput([...batchShape, lines, columns], 'float32');
    if (steps === 0) float32View(wasm, out).fill(0);
    const [aLine, aStep] = transposeA ? [1, aColumns] : [aColumns, 1];
    const [bStep, bColumn] = transposeB ? [1, bColumns] : [bColumns, 1];
    const { multiply } = gemmEngine(wasm);
    const product = (batch: Index, aAt: number, bAt: number, outAt: number) =>
      multiply({
        a: { address: wasm.getMemoryOffset(a.dataId) + 4 * aAt, lines: [...batch, [lines, aLine]], steps: [[steps, aStep]] },
        b: { address: wasm.getMemoryOffset(b.dataId) + 4 * bAt, steps: [[steps, bStep]], columns: [[columns, bColumn]] },
        c: {
          address: wasm.getMemoryOffset(out.dataId) + 4 * outAt,
          lines: [[util.sizeFromShape(batch.map(([size]) => size)) * lines, columns]],
        },
      });
    const [aBatch, bBatch] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
    if (util.sizeFromShape(bBatch) === 1) {
      // One right-hand side for the whole batch: the batch then only adds lines to one product.
      product([[util.sizeFromShape(aBatch), lines * steps]], 0, 0, 0);
      return out;
    }
    forEachBroadcastRun(aBatch, bBatch, (run) => {
      for (let i = 0; i < run.length; i++) {
        const [aAt, bAt] = [run.aMoves ? run.a + i : run.a, run.bMoves ? run.b + i : run.b];
        product([], aAt * lines * steps, bAt * steps * columns, (run.out + i) * lines * columns);
      }
    });
    return out;
  },
};
