import { type KernelConfig, Slice, slice_util } from '@tensorflow/tfjs-core';

import { contiguousStrides } from './contiguous-strides.js';
import { copyStrided } from './copy-strided.js';
import { shippedKernel } from '../shipped-kernel.js';
import type { WasmBackend } from '../heap.js';

const shipped = shippedKernel(Slice);

/** `tf.slice` that reads only the slice; as shipped it first copies the whole input. */
export const sliceConfig: KernelConfig = {
  ...shipped,
  kernelFunc: (params) => {
    const x = params.inputs['x']!;
    if (x.dtype === 'string') return shipped.kernelFunc(params);
    const wasm = params.backend as WasmBackend;
    const [begin, size] = slice_util.parseSliceParams(x, params.attrs!['begin'] as number[], params.attrs!['size'] as number[]) as [
      number[],
      number[],
    ];
    const strides = contiguousStrides(x.shape);
    const out = wasm.makeOutput(size, x.dtype);
    copyStrided(
      wasm.typedArrayFromHeap(x),
      { offset: begin.reduce((offset, first, i) => offset + first * strides[i]!, 0), strides },
      wasm.typedArrayFromHeap(out),
      { offset: 0, strides: contiguousStrides(size) },
      size,
    );
    return out;
  },
};
