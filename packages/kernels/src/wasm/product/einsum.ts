import { backend_util, Einsum, type KernelConfig, type TensorInfo, util } from '@tensorflow/tfjs-core';

import { runKernel } from '../run-kernel.js';
import type { WasmBackend } from '../heap.js';

/** `tf.einsum`, which tfjs-backend-wasm lacks: operands are lined up, multiplied and summed along tfjs's own path. */
export const einsumConfig: KernelConfig = {
  kernelName: Einsum,
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const wasm = backend as WasmBackend;
    const tensors = Object.values(inputs) as TensorInfo[];
    const { allDims, summedDims, idDims } = backend_util.decodeEinsumEquation(attrs!['equation'] as string, tensors.length);
    checkSizes(allDims.length, idDims, tensors);
    const { path, steps } = backend_util.getEinsumComputePath(summedDims, idDims);
    let remaining = allDims.length;
    let out: TensorInfo | undefined;
    const replace = (next: TensorInfo) => {
      if (out) wasm.disposeData(out.dataId);
      out = next;
    };
    steps.forEach((terms, step) => {
      for (const term of terms) {
        const operand = lineUp(wasm, tensors[term]!, remaining, idDims[term]!);
        if (out) {
          replace(runKernel('Multiply', wasm, { a: operand, b: out }));
          wasm.disposeData(operand.dataId);
        } else {
          out = operand;
        }
      }
      if (step === steps.length - 1) return;
      if (path[step]! >= 0)
        replace(runKernel('Sum', wasm, { x: out! }, { axis: path[step]! - (allDims.length - remaining), keepDims: false }));
      remaining--;
    });
    return out!;
  },
};

function checkSizes(rank: number, idDims: readonly number[][], tensors: readonly TensorInfo[]): void {
  const sizes = Array<number | undefined>(rank);
  tensors.forEach(({ shape }, term) =>
    shape.forEach((size, axis) => {
      const dim = idDims[term]![axis]!;
      if ((sizes[dim] ?? size) !== size)
        throw new Error(`einsum: a dimension of size ${sizes[dim]} is also given as ${size}; check the equation`);
      sizes[dim] = size;
    }),
  );
}

/** One operand, its dimensions in the equation's order and with dimensions of one for those it lacks; the caller disposes it. */
function lineUp(backend: WasmBackend, x: TensorInfo, rank: number, dims: number[]): TensorInfo {
  const { permutationIndices, expandDims } = backend_util.getEinsumPermutation(rank, dims);
  const isIdentity = backend_util.isIdentityPermutation(permutationIndices);
  const moved = isIdentity ? runKernel('Identity', backend, { x }) : runKernel('Transpose', backend, { x }, { perm: permutationIndices });
  const shape = [...moved.shape];
  for (const dim of expandDims) shape.splice(dim, 0, 1);
  if (util.arraysEqual(shape, moved.shape)) return moved;
  const expanded = runKernel('Reshape', backend, { x: moved }, { shape });
  backend.disposeData(moved.dataId);
  return expanded;
}
