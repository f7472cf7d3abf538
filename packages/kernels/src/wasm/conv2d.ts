import { Conv2D, type KernelConfig } from '@tensorflow/tfjs-core';

import { conv2DGeometry } from '../conv2d-geometry.js';
import { convolve } from './conv2d-product.js';
import { gemmEngine } from './gemm/engine.js';
import { shippedKernel } from './shipped-kernel.js';
import type { WasmBackend } from './heap.js';

/** Convolution as one product with fused multiply-add where the machine has it; XNNPACK as shipped does without. */
export const conv2DConfig: KernelConfig = {
  ...shippedKernel(Conv2D),
  kernelFunc: ({ inputs, backend, attrs }) => {
    const wasm = backend as WasmBackend;
    const [x, filter] = [inputs['x']!, inputs['filter']!];
    return convolve(gemmEngine(wasm), wasm, x, filter, conv2DGeometry('Conv2D', x.shape, filter.shape, attrs!));
  },
};
