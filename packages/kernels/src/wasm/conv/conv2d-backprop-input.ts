import { Conv2DBackpropInput, type KernelConfig } from '@tensorflow/tfjs-core';

import { conv2DGeometry } from '../../conv2d-geometry.js';
import { inputGradient } from './conv2d-product.js';
import { gemmEngine } from '../gemm/engine.js';
import { shippedKernel } from '../shipped-kernel.js';
import type { WasmBackend } from '../heap.js';

/** Gradient of a convolution for its input, which tfjs-backend-wasm computes by a scalar loop. */
export const conv2DBackpropInputConfig: KernelConfig = {
  ...shippedKernel(Conv2DBackpropInput),
  kernelFunc: ({ inputs, backend, attrs }) => {
    const wasm = backend as WasmBackend;
    const [dy, filter] = [inputs['dy']!, inputs['filter']!];
    const geometry = conv2DGeometry('Conv2DBackpropInput', attrs!['inputShape'] as number[], filter.shape, attrs!);
    return inputGradient(gemmEngine(wasm), wasm, dy, filter, geometry);
  },
};
