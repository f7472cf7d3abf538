import type { KernelConfig } from '@tensorflow/tfjs-core';

import { avgPoolGradConfig } from './avg-pool-grad.js';
import { batchMatMulConfig } from './batch-mat-mul.js';
import { comparisonConfigs } from './comparisons.js';
import { gatherV2Config } from './gather.js';
import { identityConfig } from './identity.js';
import { leakyReluConfig } from './leaky-relu.js';
import { maxConfig, meanConfig, minConfig, sumConfig } from './reduction.js';
import { conv2DConfig } from './conv2d.js';
import { conv2DBackpropFilterConfig } from './conv2d-backprop-filter.js';
import { conv2DBackpropInputConfig } from './conv2d-backprop-input.js';
import { depthwiseBackpropFilterConfig } from './depthwise-backprop-filter.js';
import { depthwiseBackpropInputConfig } from './depthwise-backprop-input.js';
import { einsumConfig } from './einsum.js';
import { fusedConv2DConfig } from './fused-conv2d.js';
import { maxPoolGradConfig } from './max-pool-grad.js';
import { depthwiseConv2dNativeConfig, fusedDepthwiseConv2DConfig } from './same-padding.js';
import { sliceConfig } from './slice.js';
import { stridedSliceConfig } from './strided-slice.js';
import { transposeConfig } from './transpose.js';
import { unsortedSegmentSumConfig } from './unsorted-segment-sum.js';

/** Every kernel that `@netspace/kernels/wasm` registers. */
export const wasmKernels: readonly KernelConfig[] = [
  avgPoolGradConfig,
  batchMatMulConfig,
  ...comparisonConfigs,
  conv2DConfig,
  conv2DBackpropFilterConfig,
  conv2DBackpropInputConfig,
  depthwiseBackpropFilterConfig,
  depthwiseBackpropInputConfig,
  depthwiseConv2dNativeConfig,
  einsumConfig,
  fusedConv2DConfig,
  fusedDepthwiseConv2DConfig,
  gatherV2Config,
  identityConfig,
  leakyReluConfig,
  maxConfig,
  maxPoolGradConfig,
  meanConfig,
  minConfig,
  sliceConfig,
  stridedSliceConfig,
  sumConfig,
  transposeConfig,
  unsortedSegmentSumConfig,
];
