import { type KernelConfig, slice_util, StridedSlice } from '@tensorflow/tfjs-core';

import { contiguousStrides } from './contiguous-strides.js';
import { copyStrided } from './copy-strided.js';
import { runKernel } from '../run-kernel.js';
import { shippedKernel } from '../shipped-kernel.js';
import type { WasmBackend } from '../heap.js';

/** `tf.stridedSlice` at the speed of a copy; as shipped it allocates three vectors for every element, and calls every result float32. */
export const stridedSliceConfig: KernelConfig = {
  ...shippedKernel(StridedSlice),
  kernelFunc: ({ inputs, backend, attrs }) => {
    const wasm = backend as WasmBackend;
    const x = inputs['x']!;
    const mask = (name: string) => (attrs![name] ?? 0) as number;
    const { finalShapeSparse, finalShape, isIdentity, begin, strides } = slice_util.sliceInfo(
      x.shape,
      attrs!['begin'] as number[],
      attrs!['end'] as number[],
      attrs!['strides'] as number[],
      mask('beginMask'),
      mask('endMask'),
      mask('ellipsisMask'),
      mask('newAxisMask'),
      mask('shrinkAxisMask'),
    );
    if (isIdentity) return runKernel('Reshape', wasm, { x }, { shape: finalShape });
    const xStrides = contiguousStrides(x.shape);
    const out = wasm.makeOutput(finalShape, x.dtype);
    copyStrided(
      wasm.typedArrayFromHeap(x),
      {
        offset: begin.reduce((offset, first, i) => offset + first * xStrides[i]!, 0),
        strides: strides.map((step, i) => step * xStrides[i]!),
      },
      wasm.typedArrayFromHeap(out),
      { offset: 0, strides: contiguousStrides(finalShapeSparse) },
      finalShapeSparse,
    );
    return out;
  },
};
