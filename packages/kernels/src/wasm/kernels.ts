import type { KernelConfig } from '@tensorflow/tfjs-core';

import { conv2DConfig } from './conv2d.js';
import { conv2DBackpropFilterConfig } from './conv2d-backprop-filter.js';
import { conv2DBackpropInputConfig } from './conv2d-backprop-input.js';
import { depthwiseBackpropFilterConfig } from './depthwise-backprop-filter.js';
import { depthwiseBackpropInputConfig } from './depthwise-backprop-input.js';
import { einsumConfig } from './einsum.js';
import { maxPoolGradConfig } from './max-pool-grad.js';
import { depthwiseConv2dNativeConfig, fusedConv2DConfig, fusedDepthwiseConv2DConfig } from './same-padding.js';
import { sliceConfig } from './slice.js';
import { stridedSliceConfig } from './strided-slice.js';
import { transposeConfig } from './transpose.js';
import { unsortedSegmentSumConfig } from './unsorted-segment-sum.js';

/** Every kernel that `@netspace/kernels/wasm` registers. */
export const wasmKernels: readonly KernelConfig[] = [
  conv2DConfig,
  conv2DBackpropFilterConfig,
  conv2DBackpropInputConfig,
  depthwiseBackpropFilterConfig,
  depthwiseBackpropInputConfig,
  depthwiseConv2dNativeConfig,
  einsumConfig,
  fusedConv2DConfig,
  fusedDepthwiseConv2DConfig,
  maxPoolGradConfig,
  sliceConfig,
  stridedSliceConfig,
  transposeConfig,
  unsortedSegmentSumConfig,
];
