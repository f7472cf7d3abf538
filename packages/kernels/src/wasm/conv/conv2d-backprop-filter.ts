import { Conv2DBackpropFilter, type KernelConfig } from '@tensorflow/tfjs-core';

import { conv2DGeometry } from '../../conv2d-geometry.js';
import { filterGradient } from './conv2d-product.js';
import { gemmEngine } from '../gemm/engine.js';
import type { WasmBackend } from '../heap.js';

/** Gradient of a convolution for its filter, which tfjs-backend-wasm lacks. */
export const conv2DBackpropFilterConfig: KernelConfig = {
  kernelName: Conv2DBackpropFilter,
  backendName: 'wasm',
  kernelFunc: ({ inputs, backend, attrs }) => {
    const wasm = backend as WasmBackend;
    const [x, dy] = [inputs['x']!, inputs['dy']!];
    const geometry = conv2DGeometry('Conv2DBackpropFilter', x.shape, attrs!['filterShape'] as number[], attrs!);
    return filterGradient(gemmEngine(wasm), wasm, x, dy, geometry);
  },
};
