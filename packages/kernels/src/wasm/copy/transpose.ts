import { type KernelConfig, Transpose } from '@tensorflow/tfjs-core';

import { contiguousStrides } from './contiguous-strides.js';
import { copyStrided } from './copy-strided.js';
import { loopsOf } from '../loops/loops.js';
import { runKernel } from '../run-kernel.js';
import { shippedKernel } from '../shipped-kernel.js';
import type { WasmBackend } from '../heap.js';

/** `tf.transpose` that copies runs if there are any, and blocks otherwise. The shipped kernel goes element by element. */
export const transposeConfig: KernelConfig = {
  ...shippedKernel(Transpose),
  kernelFunc: ({ inputs, backend, attrs }) => {
    const wasm = backend as WasmBackend;
    const x = inputs['x']!;
    const perm = attrs!['perm'] as number[];
    const shape = perm.map((axis) => x.shape[axis]!);
    const moved = perm.filter((axis) => x.shape[axis] !== 1);
    if (moved.every((axis, i) => i === 0 || axis > moved[i - 1]!)) return runKernel('Reshape', wasm, { x }, { shape });
    const strides = contiguousStrides(x.shape);
    const out = wasm.makeOutput(shape, x.dtype);
    copyStrided(
      wasm.typedArrayFromHeap(x),
      { offset: 0, strides: perm.map((axis) => strides[axis]!) },
      wasm.typedArrayFromHeap(out),
      { offset: 0, strides: contiguousStrides(shape) },
      shape,
      loopsOf(wasm),
    );
    return out;
  },
};
