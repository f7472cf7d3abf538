import { Conv2D, type KernelConfig } from '@tensorflow/tfjs-core';

import { conv2DGeometry } from '../../conv2d-geometry.js';
import { convolve } from './conv2d-product.js';
import { gemmEngine } from '../gemm/engine.js';
import type { WasmBackend } from '../heap.js';
import { withExplicitPadding } from './same-padding.js';

const xnnpack = withExplicitPadding(Conv2D, false);

/** XNNPACK reads patches in place, which pays if there is little to multiply with each (`bench/kernels.ts`). */
const MIN_STEPS = 128;
const MIN_COLUMNS = 16;

/** Convolution as one product, with fused multiply-add if the machine has it. Small convolutions use the shipped kernel. */
export const conv2DConfig: KernelConfig = {
  ...xnnpack,
  kernelFunc: (params) => {
    const backend = params.backend as WasmBackend;
    const [x, filter] = [params.inputs['x']!, params.inputs['filter']!];
    const [height, width, inChannels, outChannels] = filter.shape as [number, number, number, number];
    if (height * width * inChannels < MIN_STEPS || outChannels < MIN_COLUMNS) return xnnpack.kernelFunc(params);
    return convolve(gemmEngine(backend), backend, x, filter, conv2DGeometry('Conv2D', x.shape, filter.shape, params.attrs!));
  },
};
